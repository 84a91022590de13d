import type { Clock, RandomSource } from "../clock.ts";
import type { DocumentStore } from "../storage/index.ts";
import type { Event3 } from "./model.ts";
import type { Oadr3Client } from "./oadr3-client.ts";
import { intervalAt, type TimelineInterval } from "./timeline.ts";
import { buildReport3, type Meter3, type PlannedReport, plannedReport, reportDescriptorsOf } from "./ven3-reports.ts";
import { type FollowedEvent, followedTimeline, Ven3State } from "./ven3-state.ts";

/** More events than a VEN is meant to follow; a VTN that lists more has mistaken this VEN for business logic. */
export const MAX_FOLLOWED_EVENTS = 10_000;

/** Bytes of an event's random seed: offsets need to differ between VENs, not to be secret. */
const SEED_BYTES = 8;

/**
 * Who this VEN is to the VTN. The name finds its ven object again after a restart, so it MUST be unique in the VTN.
 */
export interface Ven3Options {
  readonly venName: string;
  /** Follow this program's events only; absent: all that this client may see. */
  readonly programId?: string;
}

/** What a VEN lives on: all of it can be replaced, so that a simulation replays byte for byte. */
export interface Ven3Modules {
  readonly client: Pick<Oadr3Client, "all" | "create">;
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly meter: Meter3;
  readonly onNotification?: (notification: Ven3Notification) => void;
}

/** What happened, for the part of the program that acts on it. Told after it is durable. */
export type Ven3Notification =
  | { readonly kind: "registered"; readonly venId: string }
  | { readonly kind: "event-received"; readonly event: Event3 }
  | { readonly kind: "event-changed"; readonly event: Event3 }
  /** The VTN does not list it any more. */
  | { readonly kind: "event-cancelled"; readonly eventId: string }
  /** Undefined: nothing holds from now on. */
  | { readonly kind: "interval-started"; readonly interval: TimelineInterval | undefined }
  | { readonly kind: "report-sent"; readonly eventId: string; readonly reportId: string };

/**
 * A 3.1 VEN that follows its events. It holds no timer: whoever runs it calls `poll` now and then, and `advance` and
 * `sendDueReports` when `nextUnixMs` has come. Failures of the VTN come as the client's `Oadr3Error`.
 */
export class Ven3 {
  readonly #options: Ven3Options;
  readonly #modules: Ven3Modules;
  readonly #state: Ven3State;
  #current: TimelineInterval | undefined;

  constructor(options: Ven3Options, modules: Ven3Modules) {
    this.#options = options;
    this.#modules = modules;
    this.#state = new Ven3State(modules.store);
  }

  get venId(): string | undefined {
    return this.#state.venId;
  }

  events(): readonly FollowedEvent[] {
    return this.#state.events();
  }

  /** The interval that holds now, by the last `advance`. */
  get current(): TimelineInterval | undefined {
    return this.#current;
  }

  /** Finds the ven object of this name, or makes it. */
  async register(): Promise<string> {
    const { client } = this.#modules;
    const { venName } = this.#options;
    const [known] = await client.all("vens", { venName });
    const { id } = known ?? (await client.create("vens", { objectType: "VEN_VEN_REQUEST", venName }));
    this.#state.setVenId(id);
    this.#notify({ kind: "registered", venId: id });
    return id;
  }

  /** Fetches the events and tells what is new, changed or gone. */
  async poll(): Promise<void> {
    const { programId } = this.#options;
    const listed = await this.#modules.client.all("events", programId === undefined ? {} : { programID: programId });
    const notifications = this.#state.transaction(() => this.#takeOver(listed.slice(0, MAX_FOLLOWED_EVENTS)));
    for (const notification of notifications) this.#notify(notification);
    this.advance();
  }

  /** Tells when another interval holds than before. */
  advance(): void {
    const timelines = this.events().map((followed) => ({
      event: followed.event,
      intervals: followedTimeline(followed),
    }));
    const holding = intervalAt(timelines, this.#modules.clock.nowUnixMs());
    if (isSame(holding, this.#current)) return;
    this.#current = holding;
    this.#notify({ kind: "interval-started", interval: holding });
  }

  /** When an interval begins or ends, or a report is due; infinite when nothing is left to come. */
  nextUnixMs(): number {
    const nowUnixMs = this.#modules.clock.nowUnixMs();
    const changes = this.events()
      .flatMap((followed) => followedTimeline(followed))
      .flatMap(({ startUnixMs, endUnixMs }) => [startUnixMs, endUnixMs])
      .filter((at) => at > nowUnixMs);
    const dues = this.#planned().map(({ report }) => report.dueUnixMs);
    return [...changes, ...dues].reduce((soonest, at) => Math.min(soonest, at), Number.POSITIVE_INFINITY);
  }

  /** Sends every report that is due. One counts as sent once the VTN has it, so a crash may send one again. */
  async sendDueReports(): Promise<void> {
    const nowUnixMs = this.#modules.clock.nowUnixMs();
    for (const planned of this.#planned()) {
      if (planned.report.dueUnixMs <= nowUnixMs) await this.#send(planned);
    }
  }

  #takeOver(listed: readonly Event3[]): Ven3Notification[] {
    const ids = new Set(listed.map(({ id }) => id));
    const gone = this.events().filter(({ event }) => !ids.has(event.id));
    for (const { event } of gone) this.#state.deleteEvent(event.id);
    return [
      ...gone.map(({ event }) => ({ kind: "event-cancelled", eventId: event.id }) as const),
      ...listed.flatMap((event) => this.#takeOne(event)),
    ];
  }

  #takeOne(event: Event3): Ven3Notification[] {
    const known = this.#state.event(event.id);
    if (known?.event.modificationDateTime === event.modificationDateTime) return [];
    const { clock, random } = this.#modules;
    this.#state.putEvent({
      firstSeenUnixMs: clock.nowUnixMs(),
      seed: Buffer.from(random.bytes(SEED_BYTES)).toString("hex"),
      sentReports: [],
      ...known,
      event,
    });
    return [{ kind: known === undefined ? "event-received" : "event-changed", event }];
  }

  /** The next report of every descriptor of every event. */
  #planned() {
    return this.events().flatMap((followed) => {
      const timeline = followedTimeline(followed);
      return reportDescriptorsOf(followed.event).flatMap((descriptor, at) => {
        const report = plannedReport(descriptor, timeline, followed.sentReports[at] ?? 0);
        return report === undefined ? [] : [{ followed, at, payloadType: descriptor.payloadType, report }];
      });
    });
  }

  async #send({ followed, at, payloadType, report }: Planned): Promise<void> {
    const { client, meter } = this.#modules;
    const { event } = followed;
    const request = buildReport3({ event, venName: this.#options.venName, payloadType }, report, meter);
    const sent = request === undefined ? undefined : await client.create("reports", request);
    this.#state.transaction(() => {
      const current = this.#state.event(event.id);
      if (current === undefined) return;
      const sentReports = reportDescriptorsOf(event).map((_descriptor, index) => current.sentReports[index] ?? 0);
      sentReports[at] = report.number + 1;
      this.#state.putEvent({ ...current, sentReports });
    });
    if (sent !== undefined) this.#notify({ kind: "report-sent", eventId: event.id, reportId: sent.id });
  }

  #notify(notification: Ven3Notification): void {
    this.#modules.onNotification?.(notification);
  }
}

interface Planned {
  readonly followed: FollowedEvent;
  /** Which of the event's descriptors. */
  readonly at: number;
  readonly payloadType: string;
  readonly report: PlannedReport;
}

function isSame(left: TimelineInterval | undefined, right: TimelineInterval | undefined): boolean {
  return (
    left?.eventId === right?.eventId &&
    left?.intervalId === right?.intervalId &&
    left?.startUnixMs === right?.startUnixMs &&
    JSON.stringify(left?.payloads) === JSON.stringify(right?.payloads)
  );
}
