import type { StepContext } from "../aggregator-modules.ts";
import type { DrEvent } from "../event/index.ts";

/** Gives up on nodes that did not answer in time. */
export async function expireRequests(event: DrEvent, { events, modules }: StepContext): Promise<DrEvent> {
  const nowUnixMs = modules.clock.nowUnixMs();
  return events.update(event.plan.eventId, (current) => {
    const requests = current.requests.map((placed) => {
      const isLate = placed.state === "open" && nowUnixMs > placed.request.respondByUnixMs;
      return isLate ? { ...placed, state: "expired" as const } : placed;
    });
    const isSame = requests.every((placed, index) => placed === current.requests[index]);
    return isSame ? current : { ...current, requests };
  });
}
