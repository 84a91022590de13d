import type { Given } from "../agent-host.ts";
import { type EventDocument, type EventStore, eventEndUnixMs, eventStartUnixMs } from "../document/index.ts";
import type { EventPlanner } from "../plan/index.ts";

/** What says on whom an event counts, be it planned or just being planned. */
export type EventsNear = { events: Pick<EventStore, "list">; planner: Pick<EventPlanner, "unsaved"> };

/**
 * Devices whose storage rests in the unit that begins, because an event counts on it:
 * ```
 *  plan       start - reboundMs        start ......... end        end + reboundMs
 *   |  as usual     |       rest         | the event's    |  rest       |
 *                                          own setpoints
 * ```
 * An hour of the plan that falls within is held from the plan on. While a request is being planned everybody rests:
 * what is metered just before a plan may become a baseline, so nothing is moved by who knows of the request.
 */
export function heldDevices(
  { options, modules, events, planner }: Given<"devices"> & EventsNear,
  unit: { startUnixMs: number; endUnixMs: number },
): Set<string> | "all" {
  if (planner.unsaved() !== undefined) return "all";
  const near = events.list().filter((event) => counts(event) && isNear(event, unit, options.reboundMs));
  const held = near.flatMap(({ candidates, assignments }) => [...candidates, ...assignments]);
  const known = new Set(modules.devices().map(({ deviceId }) => deviceId));
  return new Set(held.map(({ deviceId }) => deviceId).filter((deviceId) => known.has(deviceId)));
}

function counts({ phase }: EventDocument): boolean {
  return phase !== "refused" && phase !== "abandoned";
}

function isNear(
  event: EventDocument,
  { startUnixMs, endUnixMs }: { startUnixMs: number; endUnixMs: number },
  reboundMs: number,
): boolean {
  return eventStartUnixMs(event) - reboundMs < endUnixMs && startUnixMs < eventEndUnixMs(event) + reboundMs;
}
