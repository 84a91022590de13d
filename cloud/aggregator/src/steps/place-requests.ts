import type { StepContext } from "../aggregator-modules.ts";
import { nextRequests } from "../decision/index.ts";
import { addRequests, type DrEvent } from "../event/index.ts";

/** Asks nodes for what nobody is expected to deliver, by the strategy that was decided on for the event. */
export async function placeRequests(event: DrEvent, context: StepContext): Promise<DrEvent> {
  const { options, modules, events, nodes } = context;
  const nowUnixMs = modules.clock.nowUnixMs();
  const { recommended: strategy } = event.recommendation;
  const { ranking, placed } = nextRequests(event, nodes.list(), { ...options, nowUnixMs, strategy });
  if (placed.length === 0) return event;
  for (const { request, role, reason } of placed) {
    modules.log.info("request_placed", { requestId: request.requestId, vnId: request.vnId, role, reason });
  }
  return events.update(event.plan.eventId, (current) => {
    const isFirst = current.requests.length === 0;
    return addRequests(isFirst ? { ...current, ranking } : current, placed);
  });
}
