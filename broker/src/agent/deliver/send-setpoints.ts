import type { PowerLimit } from "@gridpact/proto";
import { HOUR_MS } from "../../time-spans.ts";
import type { Given } from "../agent-host.ts";
import {
  type Assignment,
  baselineAt,
  type EventDocument,
  eventEndUnixMs,
  eventStartUnixMs,
  orderInForce,
} from "../document/index.ts";
import type { SetpointSender } from "./setpoint-sender.ts";

/** A device has one contract in an event and its limits follow from it, so only an amendment changes them. */
const FIRST_REVISION = 1;

/** Sends the limits of every accepted contract from shortly before the event until its end. */
export async function sendSetpoints(
  event: EventDocument,
  context: Given<"clock"> & { setpoints: SetpointSender },
): Promise<EventDocument> {
  const { options, modules, setpoints } = context;
  const nowUnixMs = modules.clock.nowUnixMs();
  const isTime = nowUnixMs >= eventStartUnixMs(event) - options.setpointLeadMs && nowUnixMs < eventEndUnixMs(event);
  if (event.phase !== "running" || !isTime) return event;
  for (const assignment of event.assignments) {
    if (assignment.status !== "accepted") continue;
    const limits = limitsOf(event, assignment);
    const revision = FIRST_REVISION + (assignment.amendment?.amendmentNo ?? 0);
    setpoints.send({ deviceId: assignment.deviceId, eventId: event.request.eventId, revision, limits });
  }
  return event;
}

/** Mean power that is left of the baseline after the reduction; no limit where nothing is ordered. */
function limitsOf({ request, candidates }: EventDocument, assignment: Assignment): PowerLimit[] {
  const { deviceId, firstInterval } = assignment;
  return orderInForce(assignment).flatMap((ordered, index) => {
    const interval = request.intervals[firstInterval + index];
    if (interval === undefined || ordered === 0n) return [];
    const energyWh = baselineAt(candidates, deviceId, firstInterval + index) - ordered;
    const startUnixMs = BigInt(interval.startUnixMs);
    const endUnixMs = BigInt(interval.endUnixMs);
    return [{ startUnixMs, endUnixMs, importWMax: floorDivide(energyWh * BigInt(HOUR_MS), endUnixMs - startUnixMs) }];
  });
}

/** Rounded towards the lower power also below zero, so that rounding never costs the device delivered energy. */
function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}
