import type { OadrEvent } from "@gridpact/openadr";
import { deliveryChange, type IntervalDelivery } from "./delivery-report.ts";
import { type Programmes, type ReadDsoEvent, readDsoEvent } from "./dso-event.ts";
import type { DsoFeed } from "./dso-intake.ts";
import { type Ven20bModules, Ven20bSession } from "./ven20b-session.ts";

/** `isSigning` MUST be as at the VTN, which refuses the other. */
export type DsoFeedOptions = { venId: string; isSigning: boolean; programmes: Programmes; mtuMs: number };

/** An aggregator as 2.0b VEN of a DSO. */
export class DsoFeed20b implements DsoFeed {
  readonly #options: DsoFeedOptions;
  readonly #session: Ven20bSession;

  constructor(options: DsoFeedOptions, modules: Ven20bModules) {
    this.#options = options;
    // Every event is answered with a reason, readable or not.
    this.#session = new Ven20bSession({ ...options, isReadable: () => true }, modules);
  }

  poll(): Promise<void> {
    return this.#session.poll();
  }

  undecided(): { eventId: string; read: ReadDsoEvent }[] {
    return this.#session
      .undecided()
      .map((event) => ({ eventId: idOf(event), read: readDsoEvent(event, this.#options) }));
  }

  accepted(): string[] {
    return this.#session.accepted().map(idOf);
  }

  answer(eventId: string, { isAccepted, reason }: { isAccepted: boolean; reason: string }): Promise<void> {
    return this.#session.decide(eventId, isAccepted ? "optIn" : "optOut", reason);
  }

  report(eventId: string, delivery: IntervalDelivery): Promise<void> {
    return this.#session.report(deliveryChange(eventId, delivery));
  }
}

function idOf({ eiEvent }: OadrEvent): string {
  return eiEvent.eventDescriptor.eventID;
}
