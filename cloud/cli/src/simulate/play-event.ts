import type { DrEvent, EventPlan } from "@gridpact/aggregator";
import { sumOf } from "@gridpact/settlement";
import { MTU_MS, PRICE_MICRO_PER_WH_MAX, PROGRAMME_TERMS } from "../wiring/market.ts";
import { advanceUntil } from "./advance-until.ts";
import type { World } from "./world.ts";

const HOUR_MS = 3_600_000n;

/** Time to answer, to make contracts, and for every process to come back once. */
const LEAD_MS = 4 * MTU_MS;

/** Half an hour is enough to be paid for, and twice the shortest that an agent watches. */
const UNITS = 2;

/** With whatever a seed does to it, an event of half an hour is settled within this after its plan. */
const COMPLETED_WITHIN_MS = 12 * 3_600_000;

/**
 * Plans an event as the aggregator's operator would: all that the nodes say they can reduce, so that each of them is
 * asked and calls whom it has. The baseline is the meter's before the plan, as one from days takes ten at a new node.
 */
export async function planEvent(world: World, eventId: string): Promise<void> {
  await advanceUntil(world, COMPLETED_WITHIN_MS, async () => {
    const core = world.aggregator.core();
    const offers = core?.virtualNodes().flatMap(({ heartbeat }) => heartbeat?.profile.reduceWMax ?? []) ?? [];
    if (core === undefined || offers.length < world.nodes.length) return false;
    const orderedWh = (sumOf(offers.map((powerW) => BigInt(Math.round(powerW)))) * BigInt(MTU_MS)) / HOUR_MS;
    const startUnixMs = Math.ceil((world.clock.nowUnixMs() + LEAD_MS) / MTU_MS) * MTU_MS;
    return core.planEvent(planOf(eventId, startUnixMs, orderedWh)).then(
      () => true,
      // A machine that lost its power meanwhile: the operator asks again.
      () => false,
    );
  });
}

function planOf(eventId: string, startUnixMs: number, orderedWh: bigint): EventPlan {
  const starts = Array.from({ length: UNITS }, (_, unit) => startUnixMs + unit * MTU_MS);
  return {
    eventId,
    intervals: starts.map((start) => ({ startUnixMs: start, endUnixMs: start + MTU_MS })),
    requestedWh: starts.map(() => orderedWh),
    priceMicroPerWhMax: PRICE_MICRO_PER_WH_MAX,
    ...PROGRAMME_TERMS,
    baselineMethod: "meterBefore",
  };
}

/** Waits until an event is what the caller waits for, and gives it as it is then. */
export async function untilEvent(
  world: World,
  eventId: string,
  isReached: (event: DrEvent) => boolean,
): Promise<DrEvent> {
  let found: DrEvent | undefined;
  await advanceUntil(world, COMPLETED_WITHIN_MS, async () => {
    const event = world.aggregator.core()?.event(eventId);
    found = event !== undefined && isReached(event) ? event : undefined;
    return found !== undefined;
  });
  return found as DrEvent;
}
