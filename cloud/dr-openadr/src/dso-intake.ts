import type { Log } from "@gridpact/host";
import type { DrReport, DrRequest } from "@gridpact/proto";
import { sumOf } from "@gridpact/settlement";
import type { IntervalDelivery } from "./delivery-report.ts";
import { type DsoEvent, planIdOf, type ReadDsoEvent } from "./dso-event.ts";

/** What the aggregator plans and how far each event has got; its core is one. */
export interface DsoEventPlanner {
  planEvent(plan: DsoEvent): Promise<unknown>;
  event(eventId: string): PlannedEvent | undefined;
}

type PlannedEvent = {
  plan: Pick<DsoEvent, "intervals">;
  requests: readonly { request: DrRequest; state: string; reports: readonly DrReport[] }[];
};

/** The aggregator as VEN of a DSO, in one profile of OpenADR. */
export interface DsoFeed {
  /** Asks for news when it is time to. */
  poll(): Promise<void>;
  /** Events that were not answered yet. */
  undecided(): { eventId: string; read: ReadDsoEvent }[];
  /** Ids of events that were opted into and are not called off. */
  accepted(): string[];
  answer(eventId: string, answer: { isAccepted: boolean; reason: string }): Promise<void>;
  /** What all virtual nodes together delivered in one interval. */
  report(eventId: string, delivery: IntervalDelivery): Promise<void>;
}

/** A request in one of these delivers nothing. */
const IDLE: readonly string[] = ["open", "refused", "expired", "failed"];

/**
 * Takes events of a DSO into the aggregator's planning: opts in to what can be planned, out of what cannot, and
 * reports what was delivered in sum, as a DSO sees no single virtual node. An event that the DSO calls off after it was
 * planned is carried through all the same: contracts stand by then.
 */
export class DsoIntake {
  readonly #modules: { feed: DsoFeed; planner: DsoEventPlanner; log: Log };
  /** `EVENT START` of each interval that was reported in this life; reporting one again says the same. */
  readonly #reported = new Set<string>();

  constructor(modules: { feed: DsoFeed; planner: DsoEventPlanner; log: Log }) {
    this.#modules = modules;
  }

  async tick(): Promise<void> {
    const { feed } = this.#modules;
    await feed.poll();
    for (const { eventId, read } of feed.undecided()) await this.#answer(eventId, read);
    for (const eventId of feed.accepted()) await this.#report(eventId);
  }

  async #answer(eventId: string, read: ReadDsoEvent): Promise<void> {
    const { feed, log } = this.#modules;
    const reason = read.ok ? await this.#plan(read.event) : read.reason;
    await feed.answer(eventId, { isAccepted: reason === "", reason });
    log.info("dso_event_answered", { eventId, reason });
  }

  /** Plans an event; planning the same one again changes nothing. Returns why it cannot be planned, or nothing. */
  async #plan(event: DsoEvent): Promise<string> {
    try {
      await this.#modules.planner.planEvent(event);
      return "";
    } catch (error) {
      const isRefused = error instanceof Error && "code" in error && String(error.code).startsWith("PLAN_");
      if (!isRefused) throw error;
      return error.message;
    }
  }

  async #report(eventId: string): Promise<void> {
    const { feed, planner } = this.#modules;
    const event = planner.event(planIdOf(eventId));
    for (const delivery of event === undefined ? [] : deliveriesOf(event)) {
      const key = `${eventId} ${delivery.startUnixMs}`;
      if (this.#reported.has(key)) continue;
      await feed.report(eventId, delivery);
      this.#reported.add(key);
    }
  }
}

/** The intervals that every node which takes part in them has reported. */
function deliveriesOf({ plan, requests }: PlannedEvent): IntervalDelivery[] {
  const active = requests.filter(({ state }) => !IDLE.includes(state));
  return plan.intervals.flatMap(({ startUnixMs, endUnixMs }) => {
    const reports = active.flatMap(({ request, reports: all }) => {
      const index = request.intervals.findIndex((each) => each.startUnixMs === startUnixMs);
      return index < 0 ? [] : [all.find(({ intervalIndex }) => intervalIndex === index)];
    });
    const known = reports.filter((report) => report !== undefined);
    if (known.length === 0 || known.length < reports.length) return [];
    const deliveredWh = sumOf(known.map((report) => report.deliveredWh));
    return [{ startUnixMs, endUnixMs, deliveredWh, shortfallWh: sumOf(known.map((report) => report.shortfallWh)) }];
  });
}
