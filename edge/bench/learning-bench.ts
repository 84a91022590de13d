import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { FlexibilityLearner } from "../src/learning/index.ts";

export type LearningBench = {
  days: number;
  /** CPU of the learning of one day, all threads. */
  cpuMsPerDay: number;
  /** Growth of the heap over all days; a learner that forgets nothing would show here. */
  heapGrowthBytes: number;
  /** So that the work cannot be left out: what was learned, summed up. */
  deliverableWhTotal: bigint;
};

const QUARTER_MS = 900_000;
const BOUNDARIES_PER_DAY = 96;

/** Far more than a device is called: an event every three hours, two hours long. */
const EVENT_EVERY_UNITS = 12;
const EVENT_UNITS = 8;

/** Lives through days of boundaries and events; the disk is simulated, so that CPU is all that is measured. */
export async function benchLearning(
  days: number,
  usage: { cpuUs(): number; heapBytes(): number },
): Promise<LearningBench> {
  const random = new SeededRandom("learning");
  const learner = await FlexibilityLearner.open(new SimulatedDisk(random.fork("disk")), {
    declaredW: 4_000n,
    mtuMs: QUARTER_MS,
  });
  const [cpuBefore, heapBefore] = [usage.cpuUs(), usage.heapBytes()];
  let importWh = 0n;
  for (let unit = 0; unit <= days * BOUNDARIES_PER_DAY; unit++) {
    if (unit % EVENT_EVERY_UNITS === 0) await learner.promised(orderAt(unit));
    await learner.observed({ measuredAtUnixMs: BigInt(unit * QUARTER_MS), importWh, exportWh: 0n });
    importWh += BigInt(random.below(1_000));
  }
  return {
    days,
    cpuMsPerDay: (usage.cpuUs() - cpuBefore) / 1_000 / days,
    heapGrowthBytes: usage.heapBytes() - heapBefore,
    deliverableWhTotal: learner.statement()?.deliverableWh.reduce((sum, each) => sum + each, 0n) ?? 0n,
  };
}

function orderAt(unit: number) {
  const units = Array.from({ length: EVENT_UNITS }, (_, index) => unit + index);
  return {
    contractId: `c-${unit}`,
    intervals: units.map((each) => ({ startUnixMs: each * QUARTER_MS, endUnixMs: (each + 1) * QUARTER_MS })),
    orderedWh: units.map(() => 400n),
    baselineWh: units.map(() => 900n),
  };
}
