import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { type AcceptedOrder, FlexibilityLearner, OPEN_ORDERS_MAX } from "./flexibility-learner.ts";

const QUARTER_MS = 900_000;
const START = Date.UTC(2016, 0, 28, 17);
const OPTIONS = { declaredW: 4_000n, mtuMs: QUARTER_MS };

/** Two quarter hours, 1,500 W of baseline, 1,000 Wh per hour ordered in each. */
function order(contractId = "c", startUnixMs = START): AcceptedOrder {
  const intervals = [0, 1].map((index) => ({
    startUnixMs: startUnixMs + index * QUARTER_MS,
    endUnixMs: startUnixMs + (index + 1) * QUARTER_MS,
  }));
  return { contractId, intervals, orderedWh: [250n, 250n], baselineWh: [375n, 375n] };
}

function boundary(index: number, importWh: bigint, exportWh = 0n) {
  return { measuredAtUnixMs: BigInt(START + index * QUARTER_MS), importWh, exportWh };
}

async function setUp() {
  const disk = new SimulatedDisk(new SeededRandom("learner"));
  return { disk, learner: await FlexibilityLearner.open(disk, OPTIONS) };
}

describe("FlexibilityLearner", () => {
  it("states nothing before its first event", async () => {
    const { learner } = await setUp();
    expect(learner.statement()).toBeUndefined();
    expect(await learner.observed(boundary(0, 0n))).toBe(false);
  });

  it("tells what share of an order the meter shows, in the interval that runs or in the last one", async () => {
    const { learner } = await setUp();
    const orderedWh = [250n, 250n];
    expect(learner.deliveredPerMille("c", orderedWh)).toBeUndefined();
    await learner.promised(order());
    const read = async (index: number, importWh: bigint) => {
      learner.saw(boundary(index, importWh));
      if (Number.isInteger(index)) await learner.observed(boundary(index, importWh));
      return learner.deliveredPerMille("c", orderedWh);
    };
    expect(await read(0, 1_000n)).toBeUndefined();
    // A fifth of the first quarter is no sight of it; a third is: 125 of baseline, 50 drawn, 75 of 83 delivered.
    expect(await read(0.2, 1_010n)).toBeUndefined();
    expect(await read(1 / 3, 1_050n)).toBe(903n);
    expect(await read(1, 1_250n)).toBe(500n);
    expect(await read(1.2, 1_251n)).toBe(500n);
    expect(await read(1.8, 1_551n)).toBe(0n);
    expect(learner.deliveredPerMille("c", [1_000n, 0n])).toBe(125n);
    expect(learner.deliveredPerMille("d", orderedWh)).toBeUndefined();
    await read(2, 1_600n);
    expect(learner.deliveredPerMille("c", orderedWh)).toBeUndefined();
  });

  it("holds itself to the smaller of two orders when one is amended", async () => {
    const { learner, disk } = await setUp();
    await learner.promised(order());
    await learner.amended("c", [900n, 100n]);
    await learner.amended("unknown", [0n, 0n]);
    const again = await FlexibilityLearner.open(disk, OPTIONS);
    for (const [index, importWh] of [1_000n, 1_125n, 1_400n].entries()) await again.observed(boundary(index, importWh));
    // Both quarters were kept: 250 of 250, 100 of 100.
    expect(again.statement()?.deliverableWh[17]).toBe(1_000n);
  });

  it("learns from the meter what an event brought, when its last boundary has been read", async () => {
    const { learner } = await setUp();
    await learner.promised(order());
    expect(await learner.observed(boundary(0, 1_000n))).toBe(false);
    expect(await learner.observed(boundary(1, 1_125n))).toBe(false);
    expect(await learner.observed(boundary(2, 1_400n))).toBe(true);
    // First quarter kept: 375 - 125 = 250. Second: 375 - 275 = 100 of 250, so half way from 1,000 to 100.
    expect(learner.statement()).toMatchObject({ revision: 1, eventsLearned: 1, mtuMs: QUARTER_MS });
    expect(learner.statement()?.deliverableWh[17]).toBe(550n);
    expect(await learner.observed(boundary(3, 1_500n))).toBe(false);
  });

  it("counts export as negative import, and never more than was ordered", async () => {
    const { learner } = await setUp();
    await learner.promised({ ...order(), orderedWh: [3_000n, 0n] });
    await learner.observed(boundary(0, 1_000n));
    await learner.observed(boundary(1, 1_000n, 2_625n));
    await learner.observed(boundary(2, 1_000n, 2_625n));
    // 375 + 2,625 = 3,000 Wh were delivered, three times what the owner declared.
    expect(learner.statement()?.deliverableWh[17]).toBe(3_000n);
    expect(learner.statement()?.deliverableWh[18]).toBe(1_000n);
  });

  it("goes on after a restart with what it had promised and learned", async () => {
    const { disk, learner } = await setUp();
    await learner.promised(order());
    disk.crash();
    const again = await FlexibilityLearner.open(disk, OPTIONS);
    await again.promised(order());
    for (const [index, importWh] of [0n, 375n, 750n].entries()) await again.observed(boundary(index, importWh));
    expect(again.statement()?.deliverableWh[17]).toBe(250n);
    disk.crash();
    const third = await FlexibilityLearner.open(disk, OPTIONS);
    expect(third.statement()).toEqual(again.statement());
  });

  it("draws no lesson from an interval of which it did not see both boundaries", async () => {
    const { learner } = await setUp();
    await learner.promised(order());
    await learner.observed(boundary(0, 0n));
    expect(await learner.observed(boundary(2, 750n))).toBe(true);
    expect(learner.statement()?.deliverableWh[17]).toBe(1_000n);
  });

  it("learns from events one after the other", async () => {
    const { learner } = await setUp();
    await learner.promised(order("first"));
    await learner.promised(order("second", START + 2 * QUARTER_MS));
    for (let index = 0; index <= 4; index++) await learner.observed(boundary(index, BigInt(index) * 375n));
    expect(learner.statement()).toMatchObject({ revision: 2, eventsLearned: 2 });
    expect(learner.statement()?.deliverableWh[17]).toBeLessThan(100n);
  });

  it("remembers as many open orders as its bound, and forgets the oldest of one more", async () => {
    const { learner } = await setUp();
    for (let index = 0; index <= OPEN_ORDERS_MAX; index++) await learner.promised(order(`c-${index}`));
    for (let index = 0; index <= 2; index++) await learner.observed(boundary(index, 0n));
    expect(learner.statement()?.eventsLearned).toBe(OPEN_ORDERS_MAX);
  });
});
