import type { StepContext } from "../agent-modules.ts";
import { isFinished } from "../document/index.ts";
import { planEvent } from "./plan-event.ts";

/** Events served at once. Each holds baselines of all devices in memory, and the devices are the same few. */
export const ACTIVE_EVENTS_MAX = 32;

/** Fetches open requests and plans those that are new; a plan is durable before anything is answered. */
export async function pollRequests(context: StepContext): Promise<void> {
  const { options, modules, events } = context;
  for (const request of await modules.aggregator.pollRequests(options.vnId)) {
    if (events.has(request.requestId)) continue;
    const active = events.list().filter((event) => !isFinished(event)).length;
    if (active >= ACTIVE_EVENTS_MAX || !events.canAcceptWork()) {
      // Not refused: an event may end before the answer is due.
      modules.log.warn("request_waits", { requestId: request.requestId, active });
      continue;
    }
    const planned = await planEvent(request, context);
    await events.save(planned);
    modules.log.info("request_planned", {
      requestId: request.requestId,
      candidates: planned.candidates.length,
      devices: planned.assignments.length,
      reason: planned.reason,
    });
  }
}
