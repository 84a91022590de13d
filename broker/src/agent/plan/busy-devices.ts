import type { RequestInterval } from "@gridpact/proto";
import { type EventDocument, eventEndUnixMs, eventStartUnixMs } from "../document/index.ts";
import { utcDate } from "./metered-history.ts";

/** Devices that other events have contracts with in the same time: an interval of a device is sold once. */
export function busyDevices(events: readonly EventDocument[], intervals: readonly RequestInterval[]): Set<string> {
  const startUnixMs = intervals[0]?.startUnixMs ?? 0;
  const endUnixMs = intervals.at(-1)?.endUnixMs ?? 0;
  const overlapping = events.filter(
    (event) => hasContracts(event) && eventStartUnixMs(event) < endUnixMs && eventEndUnixMs(event) > startUnixMs,
  );
  return new Set(overlapping.flatMap((event) => event.assignments.map(({ deviceId }) => deviceId)));
}

/** Days on which events changed what each device drew; such a day says nothing about its usual load. */
export function eventDatesOf(events: readonly EventDocument[], deviceId: string): string[] {
  const dates = events
    .filter((event) => hasContracts(event) && event.assignments.some((each) => each.deviceId === deviceId))
    .map((event) => utcDate(eventStartUnixMs(event)));
  return [...new Set(dates)].sort();
}

function hasContracts({ phase }: EventDocument): boolean {
  return phase !== "refused" && phase !== "abandoned";
}
