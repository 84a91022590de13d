import { type EventDocument, eventEndUnixMs, isFinished } from "../document/index.ts";

/**
 * Why a device must stay with this node for now, in words: a contract that is in force or not paid, readings of it that
 * may still come, or an event that may still call it. Evidence for its contracts is on this node's anchors: a device
 * that was cut off would send what it spooled to the other node, where it proves nothing. Undefined when it may go.
 */
export function openBusinessOf(
  events: readonly EventDocument[],
  deviceId: string,
  nowUnixMs: number,
): string | undefined {
  for (const event of events.filter((each) => !isFinished(each))) {
    const contract = openContractOf(event, deviceId, nowUnixMs);
    if (contract !== undefined) return contract;
    const mayCall = event.phase === "planned" || event.phase === "responded" || event.phase === "running";
    if (mayCall && event.candidates.some((candidate) => candidate.deviceId === deviceId)) {
      return `event ${event.request.eventId} may still call it`;
    }
  }
  return undefined;
}

/** A contract that lapsed binds nobody; one that is paid binds as long as readings may still close its gaps. */
function openContractOf(event: EventDocument, deviceId: string, nowUnixMs: number): string | undefined {
  const { assignments, phase, gapContractIds = [] } = event;
  const own = assignments.filter((each) => each.deviceId === deviceId && each.status !== "lapsed");
  if (phase === "completed") {
    const gap = own.find(({ contractId }) => gapContractIds.includes(contractId));
    return gap && `readings of contract ${gap.contractId} may still come`;
  }
  const isOver = nowUnixMs >= eventEndUnixMs(event);
  return own[0] && `contract ${own[0].contractId} is ${isOver ? "being settled" : "in force"}`;
}
