import type { StepContext } from "./agent-modules.ts";
import { recordChoice } from "./choice/index.ts";
import { isFinished } from "./document/index.ts";
import { planEvent } from "./plan/index.ts";

/** Events served at once. Each holds baselines of all devices in memory, and the devices are the same few. */
export const ACTIVE_EVENTS_MAX = 32;

/** Fetches open requests and plans those that are new; a plan is durable before anything is answered. */
export async function pollRequests(context: StepContext): Promise<void> {
  const { options, modules, events, choices } = context;
  for (const request of await modules.aggregator.pollRequests(options.vnId)) {
    if (events.has(request.requestId)) continue;
    const active = events.list().filter((event) => !isFinished(event)).length;
    if (active >= ACTIVE_EVENTS_MAX || !events.canAcceptWork()) {
      // Not refused: an event may end before the answer is due.
      modules.log.warn("request_waits", { requestId: request.requestId, active });
      continue;
    }
    const { planned, choice } = await planEvent(request, context);
    // The reasons first: an event without them could not be explained, one that is planned again explains itself anew.
    if (choice !== null) await choices.save(recordChoice(planned, choice, options));
    await events.save(planned);
    modules.log.info("request_planned", {
      requestId: request.requestId,
      candidates: planned.candidates.length,
      devices: planned.assignments.length,
      reason: planned.reason,
    });
  }
}
