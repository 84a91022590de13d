import type { Event3, Interval, ReportRequest } from "./model.ts";
import type { TimelineInterval } from "./timeline.ts";

/** What an event asks to be reported [OADR3.1 reportDescriptor], with the specification's defaults filled in. */
export interface ReportDescriptor {
  readonly payloadType: string;
  /** The interval at whose start the first report is due; -1: at the end of the last one. */
  readonly startInterval: number;
  /** How many intervals one report has; -1: all. */
  readonly numIntervals: number;
  /** True: the intervals before; false: those from there on, as a forecast. */
  readonly historical: boolean;
  /** Intervals between reports; -1: as many as a report has. */
  readonly frequency: number;
  /** How many reports; -1: as long as the event lasts. */
  readonly repeat: number;
}

/** The VEN's own data. */
export interface Meter3 {
  /** The value of a payload type over an interval; undefined when there is none, which leaves the interval out. */
  sample(interval: {
    readonly payloadType: string;
    readonly startUnixMs: number;
    readonly endUnixMs: number;
  }): number | undefined;
}

/** One report that is to be sent. */
export interface PlannedReport {
  /** 0 for the first of its descriptor. */
  readonly number: number;
  readonly dueUnixMs: number;
  readonly intervals: readonly TimelineInterval[];
}

/** The resource of a report that covers all of a VEN [OADR3.1 Definition, Enumerations]. */
const WHOLE_VEN = "AGGREGATED_REPORT";

const DEFAULTS = { startInterval: -1, numIntervals: -1, historical: true, frequency: -1, repeat: 1 } as const;

/** The descriptors of an event; the VTN has checked their form. */
export function reportDescriptorsOf({ reportDescriptors }: Event3): readonly ReportDescriptor[] {
  return (reportDescriptors ?? []).map((descriptor) => ({ ...DEFAULTS, ...descriptor }) as ReportDescriptor);
}

/**
 * The report of a descriptor after `sent` of them; undefined when there is none any more. With two intervals each,
 * every two intervals, as history, from interval 2 on:
 *
 *    ├── 0 ──┼── 1 ──┼── 2 ──┼── 3 ──┤──▶ time
 *                    ▲ 0 and 1       ▲ 2 and 3
 */
export function plannedReport(
  descriptor: ReportDescriptor,
  timeline: readonly TimelineInterval[],
  sent: number,
): PlannedReport | undefined {
  const { startInterval, historical, repeat } = descriptor;
  const count = timeline.length;
  if (count === 0 || (repeat !== -1 && sent >= repeat)) return undefined;
  const size = descriptor.numIntervals === -1 ? count : Math.max(descriptor.numIntervals, 1);
  // A frequency of zero would make reports without end at the same instant.
  const step = descriptor.frequency === -1 ? size : Math.max(descriptor.frequency, 1);
  const at = (startInterval === -1 ? count : startInterval) + sent * step;
  const [from, to] = historical ? [at - size, at] : [at, at + size];
  const intervals = timeline.slice(Math.max(from, 0), Math.max(to, 0));
  const dueUnixMs = at < count ? timeline[at]?.startUnixMs : timeline.at(-1)?.endUnixMs;
  if (at > count || intervals.length === 0 || dueUnixMs === undefined) return undefined;
  return { number: sent, dueUnixMs, intervals };
}

/** The report as it is sent; undefined when the meter has nothing of it. */
export function buildReport3(
  { event, venName, payloadType }: { readonly event: Event3; readonly venName: string; readonly payloadType: string },
  { number, intervals }: PlannedReport,
  meter: Meter3,
): ReportRequest | undefined {
  const sampled = intervals.flatMap((interval) => sampleInterval(interval, payloadType, meter));
  if (sampled.length === 0) return undefined;
  return {
    eventID: event.id,
    clientName: venName,
    reportName: `${payloadType} ${number}`,
    resources: [{ resourceName: WHOLE_VEN, intervals: sampled }],
  };
}

function sampleInterval(
  { intervalId, startUnixMs, endUnixMs }: TimelineInterval,
  type: string,
  meter: Meter3,
): Interval[] {
  const value = meter.sample({ payloadType: type, startUnixMs, endUnixMs });
  if (value === undefined) return [];
  const start = new Date(startUnixMs).toISOString();
  const duration = `PT${(endUnixMs - startUnixMs) / 1_000}S`;
  return [{ id: intervalId, intervalPeriod: { start, duration }, payloads: [{ type, values: [value] }] }];
}
