import type { DrReport } from "@gridpact/proto";
import { larger, netImportWh, smaller, sumOf } from "@gridpact/settlement";
import type { Given } from "../agent-host.ts";
import { baselineAt, type EventDocument, orderedAt, plannedAt } from "../document/index.ts";
import { linkRefusal } from "../links.ts";
import { type DeliverySample, updatedRates } from "./delivery-rate.ts";

type ReportContext = Given<"clock" | "log" | "evidence" | "aggregator">;

/** Tells the aggregator what each interval brought, in order, and marks devices by what they delivered in it. */
export async function reportIntervals(event: EventDocument, context: ReportContext): Promise<EventDocument> {
  if (event.phase !== "running") return event;
  const { options, modules } = context;
  const intervalIndex = event.reports.length;
  const interval = event.request.intervals[intervalIndex];
  const nowUnixMs = modules.clock.nowUnixMs();
  if (interval === undefined || nowUnixMs < interval.endUnixMs) return event;
  const metered = await meterInterval(event, intervalIndex, context);
  const isWaiting = metered.isIncomplete && nowUnixMs < interval.endUnixMs + options.reportWaitMs;
  if (isWaiting) return event;
  const report = reportOf(event, intervalIndex, metered.samples);
  try {
    await modules.aggregator.report(event.request.requestId, report);
  } catch (error) {
    // A report that is refused for good is no reason to stop serving: the settlement does not need it.
    if (linkRefusal(error) === undefined) throw error;
    modules.log.warn("report_refused", { requestId: event.request.requestId, intervalIndex, reason: String(error) });
  }
  const deliveringPerMille = updatedRates(event.deliveringPerMille, metered.samples, options.tolerancePerMille);
  return { ...event, reports: [...event.reports, report], deliveringPerMille };
}

/** What each device with an order reduced in an interval; nothing where a boundary has no reading yet. */
async function meterInterval(
  event: EventDocument,
  intervalIndex: number,
  { modules }: ReportContext,
): Promise<{ samples: DeliverySample[]; isIncomplete: boolean }> {
  const { startUnixMs = 0, endUnixMs = 0 } = event.request.intervals[intervalIndex] ?? {};
  const samples: DeliverySample[] = [];
  let isIncomplete = false;
  for (const assignment of event.assignments) {
    const orderedWh = orderedAt(assignment, intervalIndex);
    if (assignment.status !== "accepted" || orderedWh === 0n) continue;
    const { deviceId } = assignment;
    const plannedWh = plannedAt(assignment, intervalIndex);
    const registers = await modules.evidence.registersAt(deviceId, [startUnixMs, endUnixMs]);
    const [actualWh = null] = netImportWh(registers.map((each) => each ?? null));
    if (actualWh === null) isIncomplete = true;
    const baselineWh = baselineAt(event.candidates, deviceId, intervalIndex);
    samples.push({ deviceId, orderedWh, plannedWh, netReductionWh: actualWh === null ? 0n : baselineWh - actualWh });
  }
  return { samples, isIncomplete };
}

function reportOf(event: EventDocument, intervalIndex: number, samples: readonly DeliverySample[]): DrReport {
  const promisedWh = event.nominatedWh[intervalIndex] ?? 0n;
  const delivered = smaller(promisedWh, sumOf(samples.map(deliveredWh)));
  return { intervalIndex, deliveredWh: delivered, shortfallWh: promisedWh - delivered };
}

/** Never more than ordered, never less than nothing: the rule of the settlement. */
function deliveredWh({ orderedWh, netReductionWh }: DeliverySample): bigint {
  return smaller(orderedWh, larger(0n, netReductionWh));
}
