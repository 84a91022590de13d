import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import type { LedgerArgument, LedgerEvent } from "../client/index.ts";
import { INSTANTS_WAITING_MAX, Timekeeper } from "./timekeeper.ts";

const MTU_MS = 900_000;
const START = 1_454_004_000_000;
const END = START + 2 * MTU_MS;
const DAY_MS = 86_400_000;

/** An SC1 as `sc1:GetContract` tells of it: two intervals, and the default programme's policy without windows. */
function view(startUnixMs: number, intervals: number): unknown {
  const perInterval = <T>(value: T) => Array.from({ length: intervals }, () => value);
  const terms = {
    contractId: "sc1-1",
    eventId: "event-1",
    programmeId: "default",
    vnId: "district",
    intervals: Array.from({ length: intervals }, (_, index) => ({
      startUnixMs: startUnixMs + index * MTU_MS,
      endUnixMs: startUnixMs + (index + 1) * MTU_MS,
    })),
    orderedWh: perInterval("1"),
    priceMicroPerWh: "1",
    penaltyMicroPerWh: "1",
    penaltyCapMicro: "1",
    baselineMethod: "tenInTen",
    fallbackVnIds: [],
    acceptanceProofHashHex: "ab".repeat(32),
  };
  const policy = {
    incentive: { kind: "energy", capacityMicroPerWh: "0", tiers: [] },
    deadBandPerMille: "0",
    holdBackPerMille: "0",
    disputeWindowMs: 0,
    evidenceWindowMs: 0,
    rulingWindowMs: 0,
  };
  const contract = { terms, policy, state: "proposed", heldMicro: "2", commitment: null, refusal: null };
  return { contract: { ...contract, settlement: null }, sc2ContractIds: [], chunks: [] };
}

const proposed = (contractId: string, blockNumber: number): LedgerEvent => ({
  blockNumber,
  transactionId: "tx",
  name: "sc1.Proposed",
  payload: { contractId },
});

async function setUp(disk = new SimulatedDisk(new SeededRandom("timekeeper"))) {
  const clock = new VirtualClock(START - MTU_MS);
  const events: LedgerEvent[] = [];
  const readFrom: number[] = [];
  const attested: number[] = [];
  const done = new Set<string>();
  const world = { events, readFrom, attested, intervals: 2, isDown: false };
  const ledger = {
    evaluate: async (_: string, argument: LedgerArgument) => {
      const { contractId } = argument as { contractId: string };
      return view(START + Number(contractId.split("-")[1] ?? 0) * DAY_MS, world.intervals);
    },
    async *events(fromBlock: number) {
      readFrom.push(fromBlock);
      yield* events.filter(({ blockNumber }) => blockNumber >= fromBlock);
      throw new Error("the stream broke");
    },
  };
  const outbox = {
    // A key that is done has no second effect.
    execute: async (key: string, _name: string, argument: LedgerArgument) => {
      if (world.isDown) throw new Error("no connection");
      if (!done.has(key)) attested.push((argument as { instantUnixMs: number }).instantUnixMs);
      done.add(key);
      return { transactionId: "tx", blockNumber: 9, result: null };
    },
  };
  const timekeeper = await Timekeeper.open({ clock, disk, ledger, outbox, log: silentLog });
  const tickAt = async (unixMs: number) => {
    await clock.advanceTo(unixMs);
    for (let turn = 0; turn < 3; turn++) {
      await timekeeper.tick();
      await Promise.resolve();
    }
  };
  return { ...world, world, clock, disk, timekeeper, tickAt };
}

describe("a timekeeper", () => {
  it("attests each instant that decides about a contract when it has passed, once", async () => {
    const { events, attested, tickAt } = await setUp();
    events.push(proposed("sc1-0", 3));
    await tickAt(START - 1);
    expect(attested).toEqual([]);
    await tickAt(START);
    await tickAt(END + 1);
    expect(attested).toEqual([START, START + MTU_MS, END]);
    await tickAt(END + DAY_MS);
    expect(attested).toEqual([START, START + MTU_MS, END, END + DAY_MS]);
  });

  it("reads on after the stream of events broke, and tries an attestation again that did not get through", async () => {
    const { world, events, readFrom, attested, tickAt } = await setUp();
    world.isDown = true;
    events.push(proposed("sc1-0", 3));
    await tickAt(START);
    expect(attested).toEqual([]);
    world.isDown = false;
    await tickAt(START + 10_000);
    expect(attested).toEqual([START]);
    expect(readFrom.length).toBeGreaterThan(1);
    expect(readFrom.at(-1)).toBe(3);
  });

  it("begins after a restart where something is left to attest", async () => {
    const first = await setUp();
    first.events.push(proposed("sc1-0", 3), { ...proposed("", 8), name: "sc1.Accepted" });
    await first.tickAt(START + MTU_MS);
    first.timekeeper.close();
    expect((await setUp(first.disk)).readFrom).toEqual([3]);
    await first.tickAt(END + DAY_MS);
    expect((await setUp(first.disk)).readFrom).toEqual([8]);
  });

  it("reads no further than its bound, and on when instants have passed", async () => {
    const { world, events, timekeeper, tickAt } = await setUp();
    world.intervals = 90;
    for (let day = 0; day < INSTANTS_WAITING_MAX / 90 + 5; day++) events.push(proposed(`sc1-${day}`, day));
    await tickAt(START - 1);
    const full = timekeeper.counts().waiting;
    expect(full).toBeGreaterThanOrEqual(INSTANTS_WAITING_MAX);
    expect(full).toBeLessThan(INSTANTS_WAITING_MAX + 100);
    await tickAt(START + 2 * DAY_MS);
    expect(timekeeper.counts().attested).toBeGreaterThan(90);
    await tickAt(START + 4 * DAY_MS);
    expect(timekeeper.counts().waiting + timekeeper.counts().attested).toBeGreaterThan(full);
  });
});
