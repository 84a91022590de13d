import { type EventDocument, eventEndUnixMs, isFinished } from "../document/index.ts";

/**
 * Why a device must stay with this node for now, in words: a contract that is in force or not settled, or an event that
 * may still call it. Evidence for its contracts is on this node's anchors. Undefined when it may go.
 */
export function openBusinessOf(
  events: readonly EventDocument[],
  deviceId: string,
  nowUnixMs: number,
): string | undefined {
  for (const event of events.filter((each) => !isFinished(each))) {
    const open = event.assignments.find((each) => each.deviceId === deviceId && !each.isSettled && isBinding(each));
    if (open !== undefined) {
      const isOver = nowUnixMs >= eventEndUnixMs(event);
      return `contract ${open.contractId} is ${isOver ? "being settled" : "in force"}`;
    }
    const mayCall = event.phase === "planned" || event.phase === "responded" || event.phase === "running";
    if (mayCall && event.candidates.some((candidate) => candidate.deviceId === deviceId)) {
      return `event ${event.request.eventId} may still call it`;
    }
  }
  return undefined;
}

/** A contract that lapsed binds nobody. */
function isBinding({ status }: EventDocument["assignments"][number]): boolean {
  return status !== "lapsed";
}
