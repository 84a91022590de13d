import type { Given } from "../agent-host.ts";
import { type Assignment, baselineAt, type EventDocument, orderedAt, plannedAt } from "../document/index.ts";
import type { ProsumerBook } from "../prosumer/index.ts";
import { type DeliverySample, updatedRates } from "./delivery-rate.ts";

type WatchContext = Given<"clock" | "evidence" | "latestReading"> & { prosumers: Pick<ProsumerBook, "stateOf"> };

/** The interval that runs now, and how much of it is over. */
type Running = { interval: number; startUnixMs: number; endUnixMs: number; nowUnixMs: number };

/**
 * Looks at the running interval: devices that deliver too little so far, or say nothing, are marked, so that others can
 * be called for the next one.
 */
export async function watchDelivery(event: EventDocument, context: WatchContext): Promise<EventDocument> {
  if (event.phase !== "running") return event;
  const running = runningInterval(event, context.modules.clock.nowUnixMs());
  if (running === undefined || running.nowUnixMs - running.startUnixMs < context.options.watchAfterMs) return event;
  const samples: DeliverySample[] = [];
  for (const assignment of watched(event, running)) {
    const sample = await sampleOf(event, { assignment, running }, context);
    if (sample !== undefined) samples.push(sample);
  }
  const deliveringPerMille = updatedRates(event.deliveringPerMille, samples, context.options.tolerancePerMille);
  if (deliveringPerMille === event.deliveringPerMille) return event;
  return { ...event, deliveringPerMille };
}

/** A device that was found short is judged again by whole intervals only: noise must not flip the mark to and fro. */
function watched({ assignments, deliveringPerMille }: EventDocument, { interval }: Running): Assignment[] {
  return assignments
    .filter((each) => each.status === "accepted" && orderedAt(each, interval) > 0n)
    .filter(({ deviceId }) => deliveringPerMille[deviceId] === undefined);
}

function runningInterval({ request }: EventDocument, nowUnixMs: number): Running | undefined {
  const interval = request.intervals.findIndex((each) => each.startUnixMs <= nowUnixMs && nowUnixMs < each.endUnixMs);
  const found = request.intervals[interval];
  return found === undefined ? undefined : { interval, ...found, nowUnixMs };
}

/** What the device should and did reduce since the interval began; undefined while that cannot be told yet. */
async function sampleOf(
  { candidates }: EventDocument,
  { assignment, running }: { assignment: Assignment; running: Running },
  { options, modules, prosumers }: WatchContext,
): Promise<DeliverySample | undefined> {
  const { deviceId } = assignment;
  const { interval, startUnixMs, endUnixMs } = running;
  const [orderedWh, plannedWh] = [orderedAt(assignment, interval), plannedAt(assignment, interval)];
  const latest = modules.latestReading(deviceId);
  const measuredMs = (latest?.measuredAtUnixMs ?? 0) - startUnixMs;
  // Silence since the interval began is no delivery: an occupant cannot be told from a broken line.
  if (latest === undefined || measuredMs <= 0) return { deviceId, orderedWh, plannedWh, netReductionWh: 0n };
  const [start] = await modules.evidence.registersAt(deviceId, [startUnixMs]);
  // A device that is known to respond slowly gets that time first, but no more than half of the interval.
  const lagMs = Math.min(prosumers.stateOf(deviceId).responseLagMs.value, (endUnixMs - startUnixMs) / 2);
  if (start === undefined || measuredMs < Math.min(options.watchAfterMs + lagMs, endUnixMs - startUnixMs))
    return undefined;
  const actualWh = latest.importWh - start.importWh - (latest.exportWh - start.exportWh);
  const soFar = (wh: bigint) => (wh * BigInt(measuredMs)) / BigInt(endUnixMs - startUnixMs);
  const expectedWh = soFar(baselineAt(candidates, deviceId, interval));
  return { deviceId, orderedWh: soFar(orderedWh), plannedWh: soFar(plannedWh), netReductionWh: expectedWh - actualWh };
}
