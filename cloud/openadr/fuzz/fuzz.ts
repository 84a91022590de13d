import { createHash } from "node:crypto";
import type { InjectOptions, LightMyRequestResponse } from "fastify";
import type { RandomSource } from "../src/clock.ts";
import { systemClock } from "../src/clock.ts";
import { type Client, hashClientSecret, SCOPES } from "../src/oadr3/clients.ts";
import { createVtn3Server, Vtn3 } from "../src/oadr3/index.ts";
import { KINDS, OBJECT_TYPES } from "../src/oadr3/model.ts";
import { issueToken } from "../src/oadr3/tokens.ts";
import { MemoryNonceStore } from "../src/signature/index.ts";
import { SqliteDocumentStore } from "../src/storage/index.ts";
import { createVtnServer, requestAllTelemetry, Vtn20b } from "../src/vtn20b/index.ts";
import { formatPayload, HTTP_PATH, SERVICES } from "../src/wire20b/index.ts";
import { SAMPLE_MESSAGES } from "../test/sample-messages.ts";
import { Dice, mutate } from "./mutation.ts";

/** What a run of mutated requests came to. */
export interface FuzzResult {
  readonly requests: number;
  readonly statuses: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly slowestMs: number;
  readonly slowestCpuMs: number;
  /** Heap in use at every tenth of the run: a leak climbs, garbage goes up and down. */
  readonly heapMb: readonly number[];
}

/** The same seed draws the same messages. */
export interface FuzzOptions {
  readonly count: number;
  readonly seed: string;
}

/**
 * An answer that costs more than this counts as a fault, whatever it says. Processor time decides, as the clock on the
 * wall also shows what else the machine does.
 */
const SLOW_MS = 1_000;

const MB = 1_048_576;

/** The same bytes for the same seed, cheap enough for millions of draws. */
function seededRandom(seed: string): RandomSource {
  let block = createHash("sha512").update(seed).digest();
  let used = 0;
  return {
    bytes(count) {
      if (used + count > block.length) {
        block = createHash("sha512").update(block).digest();
        used = 0;
      }
      used += count;
      return block.subarray(used - count, used);
    },
  };
}

/** Sends mutated 2.0b messages to every service of a VTN. */
export async function fuzzXml({ count, seed }: FuzzOptions): Promise<FuzzResult> {
  const random = seededRandom(seed);
  const options = {
    vtnId: "VTN",
    pollFrequency: "PT1S",
    isEnrolmentRequired: false,
    reportPolicy: requestAllTelemetry,
  };
  const store = new SqliteDocumentStore(":memory:");
  const vtn = new Vtn20b(options, { store, clock: systemClock, random });
  registerSampleVen(vtn);
  const security = { signing: undefined, nonces: new MemoryNonceStore(), clock: systemClock, random };
  let faults = 0;
  const onFault = () => {
    faults += 1;
  };
  const server = createVtnServer({ tls: undefined }, { vtn, security, onFault });
  const documents = SAMPLE_MESSAGES.map((message) => Buffer.from(formatPayload(message)));
  const dice = new Dice(random);
  const headers = { "content-type": "application/xml" };
  const result = await run(count, () => {
    const payload = mutate(dice.pick(documents), documents, dice);
    return server.inject({ method: "POST", url: `${HTTP_PATH}/${dice.pick(SERVICES)}`, headers, payload });
  });
  await server.close();
  store.close();
  return { ...result, faults: result.faults + faults };
}

/** The VEN that the sample messages speak for, so that they get past the door. */
function registerSampleVen(vtn: Vtn20b): void {
  vtn.state.vens.put({
    venId: "VEN-1",
    registrationId: "REG-1",
    venName: "sample",
    fingerprint: undefined,
    isPull: true,
    transportAddress: undefined,
    registeredAtUnixMs: 0,
  });
}

type JsonRequest = readonly [method: "GET" | "POST" | "PUT" | "DELETE", path: string, body: unknown];

/** Requests that a client means to make; `known` are objects that exist, so that mutations get past the look-ups. */
function jsonRequests(known: Readonly<Record<"program" | "event" | "ven", string>>): readonly JsonRequest[] {
  const intervals = [{ id: 0, payloads: [{ type: "PRICE", values: [0.17] }] }];
  const intervalPeriod = { start: "2026-01-01T00:00:00Z", duration: "PT1H", randomizeStart: "PT5M" };
  const reported = [{ resourceName: "R", intervals }];
  const objectOperations = [{ objects: ["EVENT"], operations: ["CREATE"], callbackUrl: "https://client.example/x" }];
  return [
    ["POST", "/programs", { programName: "P", targets: ["a"], intervalPeriod }],
    ["POST", "/events", { programID: known.program, intervalPeriod, intervals, targets: ["a"] }],
    ["POST", "/reports", { eventID: known.event, clientName: "C", resources: reported }],
    ["POST", "/subscriptions", { clientName: "C", programID: known.program, objectOperations }],
    ["POST", "/vens", { objectType: "BL_VEN_REQUEST", clientID: "C", venName: "V", attributes: [] }],
    ["POST", "/resources", { objectType: "BL_RESOURCE_REQUEST", clientID: "C", resourceName: "R", venID: known.ven }],
    ["GET", `/events?programID=${known.program}&targets=a&skip=1&limit=10`, undefined],
    ["GET", "/subscriptions?objects=EVENT&clientName=C", undefined],
    ["GET", `/vens/${known.ven}`, undefined],
    ["GET", `/notifiers/mqtt/topics/programs/${known.program}/events`, undefined],
    ["PUT", `/programs/${known.program}`, { programName: "P" }],
    ["DELETE", "/programs/none", undefined],
    ["POST", "/3.0.1/programs", { programName: "P", targets: [{ type: "GROUP", values: ["a"] }] }],
    ["POST", `/3.0.1/vens/${known.ven}/resources`, { resourceName: "R", targets: [{ type: "AREA", values: ["b"] }] }],
    ["GET", "/3.0.1/events?targetType=AREA&targetValues=b", undefined],
    ["POST", "/auth/token", "grant_type=client_credentials&client_id=bl&client_secret=s"],
  ];
}

const BL: Client = { clientId: "bl", role: "bl", scopes: new Set(SCOPES.bl) };

/** Sends mutated paths, headers and bodies to a 3.1 VTN. */
export async function fuzzJson({ count, seed }: FuzzOptions): Promise<FuzzResult> {
  const random = seededRandom(seed);
  const store = new SqliteDocumentStore(":memory:");
  const vtn = new Vtn3({ store, clock: systemClock, random });
  const tokenKey = random.bytes(32);
  let faults = 0;
  const onFault = () => {
    faults += 1;
  };
  // A report belongs to a VEN, everything else to business logic; one client with all scopes reaches every route.
  const scopes = new Set([...SCOPES.bl, ...SCOPES.ven]);
  const clients = [{ clientId: "bl", secretSha256: hashClientSecret("s"), role: "bl" }] as const;
  const server = createVtn3Server({ tls: undefined, clients }, { vtn, clock: systemClock, tokenKey, onFault });
  const nextDay = systemClock.nowUnixMs() + 86_400_000;
  const token = issueToken({ clientId: "bl", role: "bl", scopes }, tokenKey, nextDay);
  const requests = jsonRequests(knownObjects(vtn));
  const dice = new Dice(random);
  const donors = requests.map(([, path, body]) => Buffer.from(body === undefined ? path : textOf(body)));
  const result = await run(count, async () => {
    const answer = await server.inject(mutatedRequest(dice.pick(requests), token, donors, dice));
    if (answer.statusCode === 201) forget(vtn, answer);
    return answer;
  });
  await server.close();
  store.close();
  return { ...result, faults: result.faults + faults };
}

function knownObjects(vtn: Vtn3) {
  const program = vtn.create(BL, "programs", { programName: "known" }).id;
  const event = vtn.create(BL, "events", { programID: program }).id;
  const ven = vtn.create(BL, "vens", { objectType: "BL_VEN_REQUEST", clientID: "C", venName: "known" } as never).id;
  return { program, event, ven };
}

function mutatedRequest(
  [method, path, body]: JsonRequest,
  token: string,
  donors: readonly Buffer[],
  dice: Dice,
): InjectOptions {
  const authorization = { authorization: `Bearer ${token}` };
  const isPathMutated = body === undefined || dice.below(4) === 0;
  const url = isPathMutated
    ? `/${encodeURI(mutate(Buffer.from(path), donors, dice).toString("latin1")).slice(1)}`
    : path;
  if (body === undefined) return { method, url, headers: authorization };
  const type = typeof body === "string" ? "application/x-www-form-urlencoded" : "application/json";
  const payload = mutate(Buffer.from(textOf(body)), donors, dice);
  return { method, url, headers: { ...authorization, "content-type": type }, payload };
}

function textOf(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** What a mutated request made is deleted again, as a full VTN would only ever say so. */
function forget(vtn: Vtn3, answer: LightMyRequestResponse): void {
  const { id, objectType } = answer.json<{ id: string; objectType: string }>();
  const kind = KINDS.find((each) => OBJECT_TYPES[each] === objectType);
  if (kind !== undefined) vtn.delete(BL, kind, id);
}

async function run(count: number, send: () => Promise<LightMyRequestResponse>): Promise<FuzzResult> {
  const statuses: Record<string, number> = {};
  let [faults, slowestMs, slowestCpuMs] = [0, 0, 0];
  const heapMb: number[] = [];
  const tenth = Math.ceil(count / 10);
  for (let sent = 0; sent < count; sent += 1) {
    const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
    const { statusCode } = await send();
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuMs = (user + system) / 1_000;
    slowestMs = Math.max(slowestMs, performance.now() - before);
    slowestCpuMs = Math.max(slowestCpuMs, cpuMs);
    statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
    if (statusCode >= 500 || cpuMs > SLOW_MS) faults += 1;
    if ((sent + 1) % tenth === 0) heapMb.push(Math.round(process.memoryUsage().heapUsed / MB));
  }
  return { requests: count, statuses, faults, slowestMs, slowestCpuMs, heapMb };
}
