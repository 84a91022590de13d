import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import { hashClientSecret, Oadr3Client, type RequestOf, runVtn3 } from "../src/index.ts";
import { fingerprintOf } from "../src/signature/index.ts";
import type { OadrMessage } from "../src/wire20b/index.ts";
import { createVen, openTransport, startVtn, toTlsMaterial } from "../test/network.ts";
import { createTestPki } from "../test/test-pki.ts";

/** How much of each is asked for; `subscribers` and `entitled` are numbers of VENs, one run each. */
export interface BenchSizes {
  readonly polls: number;
  readonly events: number;
  readonly subscribers: readonly number[];
  readonly entitled: readonly number[];
}

/** `p50`, `p99`: milliseconds until half and 99 % of the subscribers have an event. */
export interface FanOut {
  readonly p50: number;
  readonly p99: number;
  /** Processor time of one event, of VTN and receiver together: it stays the same on a busy machine. */
  readonly cpuMs: number;
}

/** How fast one kind of request is answered. */
export interface Rate {
  readonly perSecond: number;
  /** Processor time of one request, of server and client together: it stays the same on a busy machine. */
  readonly cpuMs: number;
}

/** Signed polls by the kind of key that signs. */
export interface BenchResult {
  readonly signedPolls: Readonly<Record<string, Rate>>;
  readonly postEvents: Rate;
  readonly getEvents: Rate;
  /** Milliseconds from sending a new event until a share of all subscribers has it, by their number. */
  readonly fanOutMs: Readonly<Record<number, FanOut>>;
  /** The same to VENs that were granted the event's target. */
  readonly entitledFanOutMs: Readonly<Record<number, FanOut>>;
  /** A digest of what was received, so that no part of the work can be left out. */
  readonly digest: string;
}

/** Clients at a time: enough to keep one VTN process busy. */
const CONCURRENCY = 16;

/**
 * Measures both VTNs over loopback, clients in the same process: what is printed is a lower bound of the server alone.
 */
export async function runBench(sizes: BenchSizes): Promise<BenchResult> {
  const digest = createHash("sha256");
  const signedPolls: Record<string, Rate> = {};
  for (const kind of ["rsa", "p256"] as const) signedPolls[kind] = await benchSignedPolls(kind, sizes.polls);
  const { post, get } = await benchEvents(sizes.events, digest);
  const fanOutMs: Record<number, FanOut> = {};
  for (const count of sizes.subscribers) fanOutMs[count] = await benchFanOut(count, "subscriptions");
  const entitledFanOutMs: Record<number, FanOut> = {};
  for (const count of sizes.entitled) entitledFanOutMs[count] = await benchFanOut(count, "entitled");
  return {
    signedPolls,
    postEvents: post,
    getEvents: get,
    fanOutMs,
    entitledFanOutMs,
    digest: digest.digest("hex").slice(0, 16),
  };
}

async function benchSignedPolls(kind: "rsa" | "p256", count: number): Promise<Rate> {
  const pki = createTestPki();
  const [server, client] = [pki.issue("vtn", kind), pki.issue("ven", kind)];
  const network = await startVtn(toTlsMaterial(server, pki), true);
  network.vtn.enrol(fingerprintOf(client.certificate));
  const transport = openTransport(network.url, toTlsMaterial(client, pki), true);
  const ven = createVen(transport, { isSigning: true });
  const { venId } = await ven.register();
  await ven.poll();
  const poll: OadrMessage = { type: "oadrPoll", venID: venId };
  const rate = await measure(count, () => transport.send("OadrPoll", poll));
  await transport.close();
  await network.server.close();
  return rate;
}

/** On disk, as it would run: every event is flushed before it is confirmed. */
async function startVtn3(venCount = 0) {
  const secretSha256 = hashClientSecret("s");
  const folder = mkdtempSync(join(tmpdir(), "openadr-bench-"));
  const running = await runVtn3(
    {
      port: 0,
      clients: [
        { clientId: "bl", secretSha256, role: "bl" },
        ...Array.from({ length: venCount }, (_, at) => ({ clientId: `ven-${at}`, secretSha256, role: "ven" }) as const),
      ],
      dataFolder: folder,
      areInternalCallbacksAllowed: true,
    },
    { onFault: rethrow, onGivenUp: (_recipient, cause) => rethrow(cause) },
  );
  const client = new Oadr3Client({ url: running.url, clientId: "bl", clientSecret: "s", clock: systemClock });
  const stop = async () => {
    await client.close();
    await running.stop();
    rmSync(folder, { recursive: true });
  };
  return { client, stop, url: running.url };
}

async function benchEvents(count: number, digest: ReturnType<typeof createHash>): Promise<{ post: Rate; get: Rate }> {
  const { client, stop } = await startVtn3();
  const { id: programID } = await client.create("programs", { programName: "bench" });
  const intervals = [{ id: 0, payloads: [{ type: "PRICE", values: [0.17] }] }];
  const intervalPeriod = { start: "2027-01-01T00:00:00Z", duration: "PT1H" };
  const post = await measure(count, () => client.create("events", { programID, intervalPeriod, intervals }));
  const get = await measure(count, async () => {
    digest.update(String((await client.search("events", { limit: 50 })).length));
  });
  await stop();
  return { post, get };
}

/** Events of one fan-out after a first one, which opens the connections. */
const ROUNDS = 5;

/**
 * Who is told: subscriptions of business logic, which sees everything, or VENs that see an event by a target that each
 * was granted.
 */
async function benchFanOut(count: number, audience: "subscriptions" | "entitled"): Promise<FanOut> {
  const { client, stop, url } = await startVtn3(audience === "entitled" ? count : 0);
  const receiver = await openReceiver();
  for (let number = 0; number < count; number += 1) {
    const subscription = subscriptionTo(`${receiver.origin}/${number}`);
    if (audience === "subscriptions") await client.create("subscriptions", subscription);
    else await joinAsVen(url, number, { client, subscription });
  }
  const { id: programID } = await client.create("programs", { programName: "bench" });
  const targets = audience === "entitled" ? { targets: [TARGET] } : {};
  const latenciesMs: number[] = [];
  let cpuMs = 0;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const arrived = receiver.next(count);
    const [sentAt, cpuBefore] = [performance.now(), process.cpuUsage()];
    await client.create("events", { programID, ...targets });
    const arrivals = await arrived;
    if (round === 0) continue;
    latenciesMs.push(...arrivals.map((at) => at - sentAt));
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuMs += (user + system) / 1_000 / ROUNDS;
  }
  await stop();
  receiver.close();
  latenciesMs.sort((left, right) => left - right);
  const at = (share: number) => round1(latenciesMs[Math.ceil(latenciesMs.length * share) - 1] ?? 0);
  return { p50: at(0.5), p99: at(0.99), cpuMs: round1(cpuMs) };
}

const TARGET = "feeder-1";

function subscriptionTo(callbackUrl: string): RequestOf["subscriptions"] {
  const objectOperations = [{ objects: ["EVENT"], operations: ["CREATE"], callbackUrl }] as const;
  return { clientName: "bench", objectOperations };
}

/** A VEN that business logic grants the target and that subscribes by itself. */
async function joinAsVen(
  url: string,
  number: number,
  { client, subscription }: { client: Oadr3Client; subscription: RequestOf["subscriptions"] },
): Promise<void> {
  const clientID = `ven-${number}`;
  await client.create("vens", { objectType: "BL_VEN_REQUEST", clientID, venName: clientID, targets: [TARGET] });
  const ven = new Oadr3Client({ url, clientId: clientID, clientSecret: "s", clock: systemClock });
  await ven.create("subscriptions", subscription);
  await ven.close();
}

const ANSWER = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");

/**
 * All subscribers as one listener, told apart by path. It reads no more of HTTP than it must: what subscribers cost is
 * not the VTN's.
 */
async function openReceiver() {
  let arrivals: number[] = [];
  let wanted: { count: number; resolve: (at: number[]) => void } | undefined;
  const server = createServer((socket) => {
    let received = "";
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      for (let end = endOfRequest(received); end !== undefined; end = endOfRequest(received)) {
        received = received.slice(end);
        socket.write(ANSWER);
        arrivals.push(performance.now());
        if (arrivals.length === wanted?.count) wanted.resolve(arrivals);
      }
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
    next: (count: number) =>
      new Promise<number[]>((resolve) => {
        arrivals = [];
        wanted = { count, resolve };
      }),
    close: () => server.close(),
  };
}

function endOfRequest(text: string): number | undefined {
  const head = text.indexOf("\r\n\r\n");
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
  const end = head + 4 + length;
  return head < 0 || text.length < end ? undefined : end;
}

async function measure(count: number, work: () => Promise<unknown>): Promise<Rate> {
  let started = 0;
  const lane = async () => {
    while (started < count) {
      started += 1;
      await work();
    }
  };
  const [before, cpuBefore] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  const perSecond = round1((count * 1_000) / (performance.now() - before));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { perSecond, cpuMs: Math.round((user + system) / count) / 1_000 };
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

function rethrow(error: unknown): never {
  throw error;
}
