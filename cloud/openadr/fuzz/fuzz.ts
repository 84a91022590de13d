import { createHash } from "node:crypto";
import type { LightMyRequestResponse } from "fastify";
import type { RandomSource } from "../src/clock.ts";
import { systemClock } from "../src/clock.ts";
import { hashClientSecret } from "../src/oadr3/clients.ts";
import { createVtn3Server, Vtn3 } from "../src/oadr3/index.ts";
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
  readonly heapGrowthMb: number;
}

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

const JSON_REQUESTS = [
  ["POST", "/programs", { programName: "P", targets: ["a"] }],
  [
    "POST",
    "/events",
    { programID: "P", intervalPeriod: { start: "2026-01-01T00:00:00Z", duration: "PT1H" }, intervals: [] },
  ],
  ["POST", "/reports", { eventID: "E", clientName: "C", resources: [{ resourceName: "R", intervals: [] }] }],
  ["POST", "/vens", { objectType: "BL_VEN_REQUEST", clientID: "C", venName: "V" }],
  ["POST", "/resources", { objectType: "BL_RESOURCE_REQUEST", clientID: "C", resourceName: "R", venID: "V" }],
  ["GET", "/events?programID=P&targets=a&skip=1&limit=10", undefined],
  ["GET", "/subscriptions?objects=EVENT&clientName=C", undefined],
  ["GET", "/vens/none", undefined],
  ["PUT", "/programs/none", { programName: "P" }],
  ["DELETE", "/programs/none", undefined],
] as const;

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
  const clients = [{ clientId: "bl", secretSha256: hashClientSecret("s"), role: "bl" }] as const;
  const server = createVtn3Server({ tls: undefined, clients }, { vtn, clock: systemClock, tokenKey, onFault });
  const scopes = ["read_all", "write_programs", "write_events", "write_subscriptions", "write_vens"] as const;
  const token = issueToken(
    { clientId: "bl", role: "bl", scopes: new Set(scopes) },
    tokenKey,
    systemClock.nowUnixMs() + 86_400_000,
  );
  const dice = new Dice(random);
  const donors = JSON_REQUESTS.map(([, path, body]) => Buffer.from(body === undefined ? path : JSON.stringify(body)));
  const result = await run(count, () => {
    const [method, path, body] = dice.pick(JSON_REQUESTS);
    const isPathMutated = body === undefined || dice.below(4) === 0;
    const url = isPathMutated
      ? `/${encodeURI(mutate(Buffer.from(path), donors, dice).toString("latin1")).slice(1)}`
      : path;
    const payload = body === undefined ? {} : { payload: mutate(Buffer.from(JSON.stringify(body)), donors, dice) };
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    };
    return server.inject({ method, url, headers, ...payload });
  });
  await server.close();
  store.close();
  return { ...result, faults: result.faults + faults };
}

async function run(count: number, send: () => Promise<LightMyRequestResponse>): Promise<FuzzResult> {
  const statuses: Record<string, number> = {};
  let [faults, slowestMs, slowestCpuMs] = [0, 0, 0];
  const heapBefore = process.memoryUsage().heapUsed;
  for (let sent = 0; sent < count; sent += 1) {
    const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
    const { statusCode } = await send();
    const { user, system } = process.cpuUsage(cpuBefore);
    const cpuMs = (user + system) / 1_000;
    slowestMs = Math.max(slowestMs, performance.now() - before);
    slowestCpuMs = Math.max(slowestCpuMs, cpuMs);
    statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
    if (statusCode >= 500 || cpuMs > SLOW_MS) faults += 1;
  }
  const heapGrowthMb = (process.memoryUsage().heapUsed - heapBefore) / MB;
  return { requests: count, statuses, faults, slowestMs, slowestCpuMs, heapGrowthMb };
}
