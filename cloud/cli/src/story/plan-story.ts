import type { EventPlan } from "@gridpact/aggregator";
import { describeResource, type FeidDescription, type SiteFault } from "@gridpact/edge";
import { timeOf } from "@gridpact/page/amounts.js";
import { MTU_MS, PRICE_MICRO_PER_WH_MAX, PROGRAMME_TERMS } from "../wiring/market.ts";

/** Thursday of the profiles' third week, with eleven days of history before it that count. */
export const STORY_DAY_UNIX_MS = Date.UTC(2016, 0, 28);

/** Back-filled history begins here: ten working days and the weekends between them. */
export const HISTORY_FROM_UNIX_MS = Date.UTC(2016, 0, 13);

/**
 * ```
 *  market time units   0    1    2    3    4    5    6    7
 *  district            ok   x    re-arr. ------ overridden by occupants ------
 *  offices (fallback)                                     called, delivers
 * ```
 * x: the device that can give most is stuck. Two short reports call the fallback.
 */
export const STORY_UNITS = 8;
const STUCK_AFTER_UNITS = 1;
const OVERRIDE_AFTER_UNITS = 3;

/** Share of what the district could give that the aggregator asks for: enough room for one big device to fail. */
const REQUESTED_PER_MILLE = 300n;

const HOUR_MS = 3_600_000n;

/** `reduceWMax` is what the district says that it could reduce, W; a mean, so it need not be whole. */
export type StoryPlan = { eventId: string; startUnixMs: number; reduceWMax: number };

/** The DSO's demand: the same reduction in each of the story's market time units. */
export function storyEvent({ eventId, startUnixMs, reduceWMax }: StoryPlan): EventPlan {
  const perUnitWh = (BigInt(Math.round(reduceWMax)) * BigInt(MTU_MS) * REQUESTED_PER_MILLE) / (HOUR_MS * 1_000n);
  const units = Array.from({ length: STORY_UNITS }, (_, unit) => startUnixMs + unit * MTU_MS);
  return {
    eventId,
    intervals: units.map((start) => ({ startUnixMs: start, endUnixMs: start + MTU_MS })),
    requestedWh: units.map(() => perUnitWh),
    priceMicroPerWhMax: PRICE_MICRO_PER_WH_MAX,
    ...PROGRAMME_TERMS,
  };
}

/** What is going to go wrong, in words: who watches must not take it for the software's doing. */
export function storyWords(startUnixMs: number): string {
  const after = (units: number) => timeOf(startUnixMs + units * MTU_MS);
  return (
    `by the script of this day, district's largest device is stuck from ${after(STUCK_AFTER_UNITS)} on, ` +
    `and from ${after(OVERRIDE_AFTER_UNITS)} on its occupants override every order`
  );
}

/** What goes wrong at a device's site in the story. */
export function storyFaults(
  device: FeidDescription,
  { startUnixMs, fleet }: { startUnixMs: number; fleet: readonly FeidDescription[] },
): SiteFault[] {
  if (device.vnId !== "district") return [];
  const faults: SiteFault[] = [
    {
      kind: "override",
      fromUnixMs: startUnixMs + OVERRIDE_AFTER_UNITS * MTU_MS,
      toUnixMs: startUnixMs + STORY_UNITS * MTU_MS,
    },
  ];
  if (device.deviceId === largestOf(fleet)) {
    faults.push({ kind: "stuck", fromUnixMs: startUnixMs + STUCK_AFTER_UNITS * MTU_MS });
  }
  return faults;
}

/** The device of the district that can give most. */
function largestOf(fleet: readonly FeidDescription[]): string | undefined {
  const district = fleet.filter(({ vnId }) => vnId === "district");
  return district.reduce(
    (best, each) => (reduceWMaxOf(each) > reduceWMaxOf(best) ? each : best),
    district[0] as FeidDescription,
  )?.deviceId;
}

function reduceWMaxOf({ resources }: FeidDescription): bigint {
  return resources.reduce((sum, spec) => sum + describeResource(spec).reduceWMax, 0n);
}
