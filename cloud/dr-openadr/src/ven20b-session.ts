import {
  type DocumentStore,
  type OadrEvent,
  type RandomSource,
  RESPONSE_CODES,
  type ReportedChange,
  Ven20b,
  VenError,
  type VenEventRecord,
  type VtnTransport,
} from "@gridpact/openadr";
import { DELIVERY_REPORT } from "./delivery-report.ts";
import { LinkRefusal } from "./link-refusal.ts";

/** `store` keeps registration and answers, so the VEN is the same one after a restart. */
export type Ven20bModules = {
  store: DocumentStore;
  transport: VtnTransport;
  clock: { nowUnixMs(): number };
  random: RandomSource;
};

/** No report of ours is sampled by the clock. */
const NO_METER = { sample: () => undefined };

/**
 * A 2.0b VEN whose events are decided elsewhere: registers once in a life, polls as often as the VTN wishes, and says
 * what is undecided.
 */
export class Ven20bSession {
  readonly #ven: Ven20b;
  readonly #clock: Ven20bModules["clock"];
  #pollAtUnixMs: number | undefined;
  /** The VEN's events as they were after its last exchange; it is asked for them far more often than they change. */
  #events: readonly VenEventRecord[] | undefined;

  /** `isReadable` tells events that somebody will decide on from those to be opted out of at once. */
  constructor(
    options: { venId: string; isSigning: boolean; isReadable: (event: OadrEvent) => boolean },
    modules: Ven20bModules,
  ) {
    const { venId, isSigning, isReadable } = options;
    const decide = (event: OadrEvent) => (isReadable(event) ? undefined : "optOut");
    const reports = [DELIVERY_REPORT];
    this.#ven = new Ven20b({ venName: venId, venId, isSigning, reports, decide }, { ...modules, meter: NO_METER });
    this.#clock = modules.clock;
  }

  /** Asks the VTN for news when it is time to. */
  async poll(): Promise<void> {
    const nowUnixMs = this.#clock.nowUnixMs();
    if (this.#pollAtUnixMs !== undefined && nowUnixMs < this.#pollAtUnixMs) return;
    try {
      if (this.#pollAtUnixMs === undefined) await this.#ven.register();
      else await this.#ven.poll();
    } finally {
      // Whatever broke the exchange off, events may have come before.
      this.#events = undefined;
    }
    this.#pollAtUnixMs = nowUnixMs + this.#ven.pollFrequencyMs;
  }

  /** Events that wait for a decision. */
  undecided(): OadrEvent[] {
    return this.#known().flatMap((record) => {
      return record.optType === undefined && isLive(record) ? [record.event] : [];
    });
  }

  /** Events that were opted into. */
  accepted(): OadrEvent[] {
    return this.#known().flatMap((record) => {
      return record.optType === "optIn" && isLive(record) ? [record.event] : [];
    });
  }

  /** An event, decided or not; undefined when it was never received, or is called off. */
  event(eventId: string): OadrEvent | undefined {
    const record = this.#record(eventId);
    return record !== undefined && isLive(record) ? record.event : undefined;
  }

  /**
   * Opts in or out.
   * @throws LinkRefusal when the VTN wants no answer to it any more; what the transport throws
   */
  async decide(eventId: string, optType: "optIn" | "optOut", description: string): Promise<void> {
    if (this.event(eventId) === undefined) throw new LinkRefusal("UNKNOWN_REQUEST", `${eventId} is called off`);
    const { responseCode } = await this.#ven.decide(eventId, optType, description).finally(() => {
      this.#events = undefined;
    });
    if (responseCode === RESPONSE_CODES.ok) return;
    throw new LinkRefusal("UNKNOWN_REQUEST", `the VTN answered ${responseCode} to the decision on ${eventId}`);
  }

  /**
   * Sends one interval of delivery.
   * @throws LinkRefusal when the VTN does not want it; what the transport throws
   */
  async report(change: ReportedChange): Promise<void> {
    try {
      await this.#report(change);
    } catch (error) {
      if (!(error instanceof VenError)) throw error;
      throw new LinkRefusal("REPORT_INVALID", error.message);
    }
  }

  async #report(change: ReportedChange): Promise<void> {
    // A VTN that lost its memory asks for the report when it is offered again.
    if (this.#ven.reportRequests().length === 0) await this.#ven.register();
    await this.#ven.reportChange(DELIVERY_REPORT.reportSpecifierId, change);
  }

  #known(): readonly VenEventRecord[] {
    this.#events ??= this.#ven.events();
    return this.#events;
  }

  #record(eventId: string): VenEventRecord | undefined {
    return this.#known().find(({ event }) => event.eiEvent.eventDescriptor.eventID === eventId);
  }
}

function isLive({ event, isImpliedCancelled }: VenEventRecord): boolean {
  return !isImpliedCancelled && event.eiEvent.eventDescriptor.eventStatus !== "cancelled";
}
