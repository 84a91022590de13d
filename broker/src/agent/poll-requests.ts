import type { DrRequest } from "@gridpact/proto";
import type { Given } from "./agent-host.ts";
import { type ChoiceStore, recordChoice } from "./choice/index.ts";
import { type EventStore, isFinished } from "./document/index.ts";
import type { EventPlanner, PlanContext } from "./plan/index.ts";

/** Events served at once. Each holds baselines of all devices in memory, and the devices are the same few. */
export const ACTIVE_EVENTS_MAX = 32;

type PollContext = PlanContext &
  Given<"aggregator" | "log"> & { events: EventStore; choices: ChoiceStore; planner: EventPlanner };

/**
 * Fetches open requests and plans those that are new, as far as the work of one tick goes; a plan is durable before
 * anything is answered.
 */
export async function pollRequests(context: PollContext): Promise<void> {
  const { options, modules, events, choices, planner } = context;
  const requests = await modules.aggregator.pollRequests(options.vnId);
  planner.renew();
  planner.keepOnly(new Set(requests.map(({ requestId }) => requestId)));
  const running = planner.runningRequestId();
  const isRunning = ({ requestId }: DrRequest) => requestId === running;
  for (const request of [...requests.filter(isRunning), ...requests.filter((each) => !isRunning(each))]) {
    if (events.has(request.requestId)) continue;
    const active = events.list().filter((event) => !isFinished(event)).length;
    if (active >= ACTIVE_EVENTS_MAX || !events.canAcceptWork()) {
      // Not refused: an event may end before the answer is due.
      modules.log.warn("request_waits", { requestId: request.requestId, active });
      continue;
    }
    const result = await planner.step(request, context);
    if (result === undefined) return;
    const { planned, choice } = result;
    // The reasons first: an event without them could not be explained, one that is planned again explains itself anew.
    if (choice !== null) await choices.save(recordChoice(planned, choice, options));
    await events.save(planned);
    planner.saved();
    modules.log.info("request_planned", {
      requestId: request.requestId,
      candidates: planned.candidates.length,
      devices: planned.assignments.length,
      reason: planned.reason,
    });
  }
}
