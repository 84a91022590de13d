import type { Event3, EventRequest } from "@gridpact/openadr";
import type { IntervalDelivery } from "./delivery-report.ts";
import { type DsoEvent, type Programmes, type ProgrammeTerms, planUnits, type ReadDsoEvent } from "./dso-event.ts";
import type { DsoFeed } from "./dso-intake.ts";
import { readReduction31, reductionEvent31 } from "./reduction31.ts";
import { answerReport, deliveryReport31, readAnswerReport } from "./reports31.ts";
import type { Client31 } from "./vn-link31.ts";

/** The event by which a DSO asks for a reduction in 3.1; its terms are those of the program. */
export function dsoEventRequest31(event: Omit<DsoEvent, keyof ProgrammeTerms>, programID: string): EventRequest {
  const { eventId, intervals, requestedWh: reductionWh, priceMicroPerWhMax: priceMicroPerWh } = event;
  return { programID, eventName: eventId, ...reductionEvent31({ intervals, reductionWh, priceMicroPerWh }) };
}

/** `clientName` is that of its own reports, by which it finds after a restart what it has answered. */
export type DsoFeed31Options = { clientName: string; pollMs: number; programmes: Programmes; mtuMs: number };

/** An event of the DSO, under the name it is planned by, with the program that its terms are of. */
type Listed = { eventId: string; event: Event3; programme: string; answer: "optIn" | "optOut" | undefined };

/** An aggregator as 3.1 VEN of a DSO. What it has answered stands in its own reports at the VTN. */
export class DsoFeed31 implements DsoFeed {
  readonly #options: DsoFeed31Options;
  readonly #modules: { client: Client31; clock: { nowUnixMs(): number } };
  #listed: readonly Listed[] = [];
  #pollAtUnixMs = Number.NEGATIVE_INFINITY;

  constructor(options: DsoFeed31Options, modules: { client: Client31; clock: { nowUnixMs(): number } }) {
    this.#options = options;
    this.#modules = modules;
  }

  async poll(): Promise<void> {
    const { client, clock } = this.#modules;
    if (clock.nowUnixMs() < this.#pollAtUnixMs) return;
    const [programs, events, reports] = [await client.all("programs"), await client.all("events"), await this.#own()];
    const names = new Map(programs.map(({ id, programName }) => [id, programName]));
    this.#listed = events.map((event) => ({
      eventId: event.eventName ?? event.id,
      event,
      programme: names.get(event.programID) ?? "",
      answer: reports.get(event.id),
    }));
    this.#pollAtUnixMs = clock.nowUnixMs() + this.#options.pollMs;
  }

  undecided(): { eventId: string; read: ReadDsoEvent }[] {
    const open = this.#listed.filter(({ answer }) => answer === undefined);
    return open.map((listed) => ({ eventId: listed.eventId, read: this.#read(listed) }));
  }

  accepted(): string[] {
    return this.#listed.filter(({ answer }) => answer === "optIn").map(({ eventId }) => eventId);
  }

  async answer(eventId: string, { isAccepted, reason }: { isAccepted: boolean; reason: string }): Promise<void> {
    const response = { isAccepted, nominatedWh: [], acceptanceProofHashHex: "", reason };
    const { client } = this.#modules;
    await client.create("reports", answerReport(this.#idOf(eventId), this.#options.clientName, response));
    const answer = isAccepted ? "optIn" : "optOut";
    this.#listed = this.#listed.map((listed) => (listed.eventId === eventId ? { ...listed, answer } : listed));
  }

  async report(eventId: string, delivery: IntervalDelivery): Promise<void> {
    const report = deliveryReport31(this.#idOf(eventId), this.#options.clientName, delivery);
    await this.#modules.client.create("reports", report);
  }

  /** What was answered to each event by its own reports, the first one counting. */
  async #own(): Promise<ReadonlyMap<string, "optIn" | "optOut">> {
    const reports = await this.#modules.client.all("reports", { clientName: this.#options.clientName });
    const answers = new Map<string, "optIn" | "optOut">();
    for (const report of reports) {
      const answer = readAnswerReport(report);
      if (answer !== undefined && !answers.has(report.eventID)) {
        answers.set(report.eventID, answer.isAccepted ? "optIn" : "optOut");
      }
    }
    return answers;
  }

  #read({ eventId, event, programme }: Listed): ReadDsoEvent {
    const terms = this.#options.programmes.get(programme);
    if (terms === undefined) return { ok: false, reason: `no programme ${programme} here` };
    const reduction = readReduction31(event);
    if (typeof reduction === "string") return { ok: false, reason: reduction };
    return { ok: true, event: planUnits({ eventId, terms, reduction, mtuMs: this.#options.mtuMs }) };
  }

  #idOf(eventId: string): string {
    return this.#listed.find((listed) => listed.eventId === eventId)?.event.id ?? eventId;
  }
}
