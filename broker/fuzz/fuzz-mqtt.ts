import { strict as assert } from "node:assert";
import { SeededRandom, silentLog, VirtualClock } from "@gridpact/host";
import { Aedes } from "aedes";
import { type BrokerHooks, brokerOptions, watchBroker } from "../src/session/broker-hooks.ts";
import { DeviceSessions } from "../src/session/device-sessions.ts";
import { FuzzedConnection, FuzzedSocket, guardOf, InstantBackend } from "./fuzzed-connection.ts";
import { type FuzzInput, fuzzInput } from "./mqtt-inputs.ts";

/** That the process is still there is the main result; the counts show how much of the guard was reached. */
export type FuzzResult = {
  inputs: number;
  /** Of them through the whole broker. */
  throughBroker: number;
  /** How the connections ended, and what they brought: shows that the fuzzer reaches all of it. */
  refused: number;
  unparsable: number;
  packets: number;
  readings: number;
  /** Turns of the event loop that took too long. */
  hangs: number;
  /** Resident memory at the end against that after the first tenth. */
  grownMegabytes: number;
};

/** Connections at a time; each gets a piece, then the event loop turns. */
const CONNECTIONS_AT_A_TIME = 64;

/** One in so many rounds goes through Aedes, which costs tens of times as much as guard and parser. */
const BROKER_ROUNDS = 32;

/** Beyond what a loaded machine does to 64 connections of a few kilobytes. */
const HANG_MS = 5_000;

const MEGABYTE = 1024 * 1024;

/** Sends hostile bytes to guard, lane, parser and broker; whatever throws ends the process, which is the finding. */
export async function fuzzMqtt(options: {
  count: number;
  seed: string;
  onProgress?: (done: number) => void;
}): Promise<FuzzResult> {
  const { count, seed, onProgress } = options;
  const random = new SeededRandom(seed);
  const result = { inputs: 0, throughBroker: 0, refused: 0, unparsable: 0, packets: 0, readings: 0, hangs: 0 };
  let warmBytes = process.memoryUsage.rss();
  for (let round = 0; result.inputs < count; round++) {
    const inputs = Array.from({ length: Math.min(CONNECTIONS_AT_A_TIME, count - result.inputs) }, () =>
      fuzzInput(random),
    );
    const startedAtMs = performance.now();
    if (round % BROKER_ROUNDS === 0) await throughBroker(inputs, result);
    else await throughGuard(inputs, result);
    if (performance.now() - startedAtMs > HANG_MS) result.hangs += 1;
    result.inputs += inputs.length;
    if (result.inputs <= count / 10) warmBytes = Math.max(warmBytes, process.memoryUsage.rss());
    onProgress?.(result.inputs);
  }
  const grownMegabytes = Math.round((process.memoryUsage.rss() - warmBytes) / MEGABYTE);
  return { ...result, grownMegabytes };
}

type Counts = Omit<FuzzResult, "grownMegabytes">;

async function throughGuard(inputs: readonly FuzzInput[], counts: Counts): Promise<void> {
  const connections = inputs.map(() => new FuzzedConnection());
  // A first turn in which the streams begin to flow.
  await turn();
  await feed(inputs, (index, chunk) => connections[index]?.receive(chunk));
  for (const connection of connections) {
    const { socket, backend } = connection;
    assert(socket.writtenBytes >= 4 * backend.readings || connection.isOver(), "what is durable is acknowledged");
    counts.refused += Number(connection.isRefused);
    counts.unparsable += Number(connection.isUnparsable);
    counts.packets += connection.packets;
    counts.readings += backend.readings;
    connection.end();
  }
}

async function throughBroker(inputs: readonly FuzzInput[], counts: Counts): Promise<void> {
  const backend = new InstantBackend();
  const refuse = () => {
    counts.refused += 1;
  };
  const hooks: BrokerHooks = {
    backend,
    sessions: new DeviceSessions(new VirtualClock(0)),
    publishPath: counts.throughBroker % 2 === 0 ? "lane" : "broker",
    refuse,
    log: silentLog,
    nowUnixMs: () => 0,
    onDurable: () => undefined,
  };
  const broker = await Aedes.createBroker(brokerOptions(hooks));
  watchBroker(broker, hooks);
  const sockets = inputs.map(() => new FuzzedSocket());
  for (const socket of sockets) broker.handle(guardOf(socket, refuse));
  await feed(inputs, (index, chunk) => {
    if (!sockets[index]?.destroyed) sockets[index]?.push(chunk);
  });
  await new Promise<void>((resolve) => broker.close(() => resolve()));
  for (const socket of sockets) socket.destroy();
  counts.throughBroker += inputs.length;
  counts.readings += backend.readings;
}

/** Piece by piece, all connections by turns. */
async function feed(inputs: readonly FuzzInput[], receive: (index: number, chunk: Buffer) => void): Promise<void> {
  const pieces = Math.max(...inputs.map(({ chunks }) => chunks.length));
  for (let piece = 0; piece < pieces; piece++) {
    for (const [index, { chunks }] of inputs.entries()) {
      const chunk = chunks[piece];
      if (chunk !== undefined) receive(index, chunk);
    }
    await turn();
  }
  await turn();
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
