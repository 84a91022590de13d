import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/clock.ts";
import { hashClientSecret, Oadr3Client, runVtn3 } from "../src/index.ts";
import { fingerprintOf } from "../src/signature/index.ts";
import type { OadrMessage } from "../src/wire20b/index.ts";
import { createVen, openTransport, startVtn, toTlsMaterial } from "../test/network.ts";
import { createTestPki } from "../test/test-pki.ts";

export interface BenchSizes {
  readonly polls: number;
  readonly events: number;
  readonly subscribers: readonly number[];
}

export interface BenchResult {
  readonly signedPollsPerSecond: Readonly<Record<string, number>>;
  readonly postEventsPerSecond: number;
  readonly getEventsPerSecond: number;
  /** Milliseconds from sending a new event until a share of all subscribers has it. */
  readonly fanOutMs: Readonly<Record<number, { readonly p50: number; readonly p99: number }>>;
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
  const signedPollsPerSecond: Record<string, number> = {};
  for (const kind of ["rsa", "p256"] as const) signedPollsPerSecond[kind] = await benchSignedPolls(kind, sizes.polls);
  const { post, get } = await benchEvents(sizes.events, digest);
  const fanOutMs: Record<number, { p50: number; p99: number }> = {};
  for (const count of sizes.subscribers) fanOutMs[count] = await benchFanOut(count);
  return {
    signedPollsPerSecond,
    postEventsPerSecond: post,
    getEventsPerSecond: get,
    fanOutMs,
    digest: digest.digest("hex").slice(0, 16),
  };
}

async function benchSignedPolls(kind: "rsa" | "p256", count: number): Promise<number> {
  const pki = createTestPki();
  const [server, client] = [pki.issue("vtn", kind), pki.issue("ven", kind)];
  const network = await startVtn(toTlsMaterial(server, pki), true);
  network.vtn.enrol(fingerprintOf(client.certificate));
  const transport = openTransport(network.url, toTlsMaterial(client, pki), true);
  const ven = createVen(transport, { isSigning: true });
  const { venId } = await ven.register();
  await ven.poll();
  const poll: OadrMessage = { type: "oadrPoll", venID: venId };
  const perSecond = await measure(count, () => transport.send("OadrPoll", poll));
  await transport.close();
  await network.server.close();
  return perSecond;
}

/** On disk, as it would run: every event is flushed before it is confirmed. */
async function startVtn3() {
  const folder = mkdtempSync(join(tmpdir(), "openadr-bench-"));
  const running = await runVtn3(
    {
      port: 0,
      clients: [{ clientId: "bl", secretSha256: hashClientSecret("s"), role: "bl" }],
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
  return { client, stop };
}

async function benchEvents(
  count: number,
  digest: ReturnType<typeof createHash>,
): Promise<{ post: number; get: number }> {
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

/** All subscribers are one server here, told apart by path, so the receiving side costs as little as it can. */
async function benchFanOut(count: number): Promise<{ p50: number; p99: number }> {
  const { client, stop } = await startVtn3();
  const arrivals: number[] = [];
  let allArrived: () => void = () => undefined;
  const receiver = createServer((incoming, response) => {
    incoming.resume().on("end", () => {
      response.end();
      arrivals.push(performance.now());
      if (arrivals.length === count) allArrived();
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  const address = receiver.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  for (let number = 0; number < count; number += 1) {
    const objectOperations = [
      { objects: ["EVENT"], operations: ["CREATE"], callbackUrl: `${origin}/${number}` },
    ] as const;
    await client.create("subscriptions", { clientName: `ven-${number}`, objectOperations });
  }
  const { id: programID } = await client.create("programs", { programName: "bench" });
  const done = new Promise<void>((resolve) => {
    allArrived = resolve;
  });
  const sentAt = performance.now();
  await client.create("events", { programID });
  await done;
  await stop();
  receiver.closeAllConnections();
  receiver.close();
  const at = (share: number) => round((arrivals[Math.ceil(count * share) - 1] ?? sentAt) - sentAt);
  return { p50: at(0.5), p99: at(0.99) };
}

async function measure(count: number, work: () => Promise<unknown>): Promise<number> {
  let started = 0;
  const lane = async () => {
    while (started < count) {
      started += 1;
      await work();
    }
  };
  const before = performance.now();
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
  return round((count * 1_000) / (performance.now() - before));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function rethrow(error: unknown): never {
  throw error;
}
