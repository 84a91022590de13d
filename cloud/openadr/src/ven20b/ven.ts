import type { PendingReport, ReportedChange, WantedReport } from "../reports20b/index.ts";
import {
  type CreateOpt,
  durationMs,
  type EiResponse,
  invalidId,
  type MessageOf,
  type OadrMessage,
  type OptType,
  okResponse,
  RESPONSE_CODES,
} from "../wire20b/index.ts";
import { type HeldSignal, nextChangeUnixMs, signalsAt } from "./event-timeline.ts";
import { takeEvents } from "./received-events.ts";
import { ReceivedReports } from "./received-reports.ts";
import type { RegistrationRecord, VenEventRecord } from "./records.ts";
import { SentReports } from "./sent-reports.ts";
import { VenError } from "./ven-error.ts";
import { VenLink } from "./ven-link.ts";
import type { Deliver, VenModules, VenNotification, VenOptions } from "./ven-options.ts";

/** After so many messages in a row the next poll waits its turn, whatever the VTN goes on to send. */
export const MAX_MESSAGES_PER_POLL = 32;

/** Used until the VTN has said how often to poll. */
const DEFAULT_POLL_FREQUENCY = "PT10S";

/**
 * A 2.0b VEN, polling or pushed to. It holds no timer: whoever runs it calls `poll` and `sendDueReports` when their
 * time has come and gets every failure as a rejected promise. What it was told is durable before it is answered.
 */
export class Ven20b {
  readonly #options: VenOptions;
  readonly #link: VenLink;
  readonly #reports: SentReports;
  readonly #vtnReports: ReceivedReports;
  #held: ReadonlyMap<string, readonly HeldSignal[]> = new Map();

  constructor(options: VenOptions, modules: VenModules) {
    this.#options = options;
    this.#link = new VenLink(modules);
    this.#reports = new SentReports(this.#link, options.reports);
    this.#vtnReports = new ReceivedReports(this.#link, options.vtnReports ?? (() => undefined));
  }

  get registration(): RegistrationRecord | undefined {
    return this.#link.state.registration;
  }

  get isRegistered(): boolean {
    return this.registration?.registrationId !== undefined;
  }

  /** Whether the VTN comes to this VEN, so that polling is not needed. */
  get isPushedTo(): boolean {
    return this.#options.pushAddress !== undefined;
  }

  /** Milliseconds between polls, as the VTN wished. */
  get pollFrequencyMs(): number {
    return durationMs(this.registration?.pollFrequency ?? DEFAULT_POLL_FREQUENCY);
  }

  /**
   * Tells of every event that was opted into and whose signals say something else than when this was called last. To be
   * called when `nextChangeAtUnixMs` has come.
   */
  advance(): void {
    const { nowUnixMs } = this.#link;
    const held = new Map(this.#followed().map((record) => [eventIdOf(record), signalsAt(record, nowUnixMs)]));
    for (const eventId of new Set([...this.#held.keys(), ...held.keys()])) {
      const [before, signals] = [this.#held.get(eventId) ?? [], held.get(eventId) ?? []];
      if (JSON.stringify(before) === JSON.stringify(signals)) continue;
      this.#link.notify({ kind: "signals-changed", eventId, signals });
    }
    this.#held = held;
  }

  /** When the signals of an event say something else; infinite when nothing is left to come. */
  nextChangeAtUnixMs(): number {
    const { nowUnixMs } = this.#link;
    const next = this.#followed().map((record) => nextChangeUnixMs(record, nowUnixMs));
    return Math.min(Number.POSITIVE_INFINITY, ...next);
  }

  #followed(): readonly VenEventRecord[] {
    return this.events().filter(({ optType }) => optType === "optIn");
  }

  events(): readonly VenEventRecord[] {
    return this.#link.state.events();
  }

  reportRequests(): readonly PendingReport[] {
    return this.#link.state.reports();
  }

  /**
   * Registers, or registers again under the venID it has; then offers its reports and fetches the events. Throws
   * `VenError` (`registration-refused`) when the VTN does not take it.
   */
  async register(): Promise<RegistrationRecord> {
    const known = this.registration;
    if (known === undefined) {
      await this.#link.send("EiRegisterParty", { type: "oadrQueryRegistration", requestID: this.#link.newId("REQ") });
    }
    const registration = readRegistration(await this.#requestRegistration(known));
    const { state } = this.#link;
    state.transaction(() => state.setRegistration(registration));
    this.#link.notify({ kind: "registered", venId: registration.venId });
    await this.#reports.register();
    await this.requestEvents();
    return registration;
  }

  /** Asks for all events at once, outside of polling. */
  async requestEvents(): Promise<void> {
    const request = { type: "oadrRequestEvent", requestID: this.#link.newId("REQ"), venID: this.#link.venId } as const;
    const answer = await this.#link.send("EiEvent", request);
    if (answer?.type === "oadrDistributeEvent") await this.#answerEvents(answer);
  }

  /** Fetches and answers what the VTN has to say, until it has nothing more. */
  async poll(): Promise<void> {
    for (let count = 0; count < MAX_MESSAGES_PER_POLL; count += 1) {
      const message = await this.#link.send("OadrPoll", { type: "oadrPoll", venID: this.#link.venId });
      if (message === undefined || message.type === "oadrResponse") return;
      await this.answer(message);
      if (!this.isRegistered) return;
    }
  }

  /** Answers one message of the VTN by a request of its own, as after a poll. */
  async answer(message: OadrMessage, deliver: Deliver = this.#link.deliver): Promise<void> {
    switch (message.type) {
      case "oadrDistributeEvent":
        return this.#answerEvents(message);
      case "oadrCreateReport":
        return this.#reports.create(message.oadrReportRequest, message.requestID, deliver);
      case "oadrCancelReport":
        return this.#reports.cancel(message, deliver);
      case "oadrRegisterReport":
        return this.#vtnReports.takeOffer(message, deliver);
      case "oadrUpdateReport":
        return this.#vtnReports.takeUpdate(message, deliver);
      case "oadrRequestReregistration":
        return this.#reregister(message, deliver);
      case "oadrCancelPartyRegistration":
        return this.#answerCancellation(message, deliver);
      default:
        throw new VenError("unexpected-message", `the VTN sent ${message.type}`);
    }
  }

  /**
   * Answers one message that the VTN pushed: the answer is the reply. Events are acknowledged by `oadrResponse`, and
   * answered by a request of their own [OADR2.0b].
   */
  async replyTo(message: OadrMessage): Promise<OadrMessage> {
    const { venId } = this.#link;
    const requestID = requestIdOf(message);
    let reply: OadrMessage = { type: "oadrResponse", eiResponse: okResponse(requestID), venID: venId };
    try {
      await this.answer(message, async (_service, answer) => {
        reply = answer;
        return undefined;
      });
    } catch (error) {
      if (!(error instanceof VenError)) throw error;
      const eiResponse = { ...okResponse(requestID), responseCode: RESPONSE_CODES.complianceError };
      return { type: "oadrResponse", eiResponse: { ...eiResponse, responseDescription: error.message }, venID: venId };
    }
    return reply;
  }

  /**
   * Decides on an event by hand, at first or anew, tells the VTN and returns its response. `description` goes along as
   * the `responseDescription`, which the profile leaves to the parties.
   */
  async decide(eventId: string, optType: OptType, description = "OK"): Promise<EiResponse> {
    const { state, venId } = this.#link;
    const record = state.event(eventId);
    if (record === undefined) throw new VenError("unknown-event", `no event ${eventId}`);
    state.transaction(() => state.putEvent({ ...record, optType }));
    this.advance();
    const { modificationNumber } = record.event.eiEvent.eventDescriptor;
    const eiResponse = okResponse(this.#link.newId("REQ"));
    const qualifiedEventID = { eventID: eventId, modificationNumber };
    const answer = { ...eiResponse, responseDescription: description, qualifiedEventID, optType };
    const message = { type: "oadrCreatedEvent", eiResponse, eventResponses: [answer], venID: venId } as const;
    return responseOf(await this.#link.send("EiEvent", message));
  }

  /** Announces availability or changes the mind about an event; returns the VTN's response. */
  async createOpt(opt: Omit<CreateOpt, "venID" | "requestID" | "createdDateTimeUnixMs">): Promise<EiResponse> {
    const { nowUnixMs, venId } = this.#link;
    const requestID = this.#link.newId("REQ");
    const message = {
      type: "oadrCreateOpt",
      ...opt,
      venID: venId,
      requestID,
      createdDateTimeUnixMs: nowUnixMs,
    } as const;
    const response = responseOf(await this.#link.send("EiOpt", message));
    // A schedule counts once the VTN has it, or the two would answer the same event differently.
    const { state } = this.#link;
    if (response.responseCode !== RESPONSE_CODES.ok) return response;
    const record = state.event(opt.qualifiedEventID?.eventID ?? "");
    state.transaction(() => {
      state.putOpt(message);
      if (record !== undefined) state.putEvent({ ...record, optType: opt.optType });
    });
    this.advance();
    return response;
  }

  /** Takes back an opt; schedules no longer decide from then on. */
  async cancelOpt(optID: string): Promise<EiResponse> {
    const message = {
      type: "oadrCancelOpt",
      requestID: this.#link.newId("REQ"),
      optID,
      venID: this.#link.venId,
    } as const;
    const response = responseOf(await this.#link.send("EiOpt", message));
    const { state } = this.#link;
    if (response.responseCode === RESPONSE_CODES.ok) state.transaction(() => state.deleteOpt(optID));
    return response;
  }

  /** Asks for a report that the VTN offers and returns the request's id. Throws `VenError`. */
  requestVtnReport(reportSpecifierId: string, wanted: Omit<WantedReport, "descriptions">): Promise<string> {
    return this.#vtnReports.request(reportSpecifierId, wanted);
  }

  /** Wants no more of a report of the VTN. Throws `VenError` (`unknown-report`). */
  cancelVtnReport(reportRequestId: string): Promise<void> {
    return this.#vtnReports.cancel(reportRequestId);
  }

  /** Ends the registration from this side; the venID is kept for the next one. */
  async cancelRegistration(): Promise<EiResponse> {
    const { registrationId, venId } = this.#link.requireRegistration();
    const message = {
      type: "oadrCancelPartyRegistration",
      requestID: this.#link.newId("REQ"),
      registrationID: registrationId ?? "",
      venID: venId,
    } as const;
    const response = responseOf(await this.#link.send("EiRegisterParty", message));
    if (response.responseCode === RESPONSE_CODES.ok) this.#endRegistration();
    return response;
  }

  /** When the next report is due; undefined when none is wanted. */
  nextReportAtUnixMs(): number | undefined {
    return this.#reports.nextAtUnixMs();
  }

  /** Sends every report whose span is over. A span counts as sent once the VTN has answered. */
  sendDueReports(): Promise<void> {
    return this.#reports.sendDue();
  }

  /**
   * Sends new data of a report that is offered on change, for every request of it that is open. Throws `VenError`
   * (`unknown-report`) while the VTN has not asked for it.
   */
  reportChange(reportSpecifierId: string, change: ReportedChange): Promise<void> {
    return this.#reports.sendChange(reportSpecifierId, change);
  }

  /**
   * A VTN that does not know the venID it once gave has lost its memory or is another one behind the same address; it
   * is asked for a new venID, as a VEN would else be locked out for ever.
   */
  async #requestRegistration(known: RegistrationRecord | undefined): Promise<OadrMessage | undefined> {
    const answer = await this.#link.send("EiRegisterParty", this.#registrationRequest(known));
    const code = answer !== undefined && "eiResponse" in answer ? answer.eiResponse?.responseCode : undefined;
    const isForgotten = known !== undefined && code === RESPONSE_CODES.invalidId;
    return isForgotten ? this.#link.send("EiRegisterParty", this.#registrationRequest(undefined)) : answer;
  }

  async #answerEvents(list: MessageOf<"oadrDistributeEvent">): Promise<void> {
    const { venId, vtnId } = this.#link.requireRegistration();
    const { state, nowUnixMs, modules } = this.#link;
    const notifications: VenNotification[] = [];
    const context = {
      state,
      venId,
      nowUnixMs,
      random: modules.random,
      decide: this.#options.decide,
      notify: (notification: VenNotification) => notifications.push(notification),
    };
    const isOurVtn = list.vtnID === vtnId;
    const responses = isOurVtn ? state.transaction(() => takeEvents(context, list)) : [];
    for (const notification of notifications) this.#link.notify(notification);
    this.advance();
    if (isOurVtn && responses.length === 0) return;
    const eiResponse = isOurVtn ? okResponse(list.requestID) : invalidId(list.requestID, "foreign vtnID");
    const message = { type: "oadrCreatedEvent", eiResponse, eventResponses: responses, venID: venId } as const;
    await this.#link.send("EiEvent", message);
  }

  async #reregister(request: MessageOf<"oadrRequestReregistration">, deliver: Deliver): Promise<void> {
    const venID = request.venID === "" ? this.#link.venId : request.venID;
    await deliver("EiRegisterParty", { type: "oadrResponse", eiResponse: okResponse(""), venID });
    await this.register();
  }

  async #answerCancellation(cancel: MessageOf<"oadrCancelPartyRegistration">, deliver: Deliver): Promise<void> {
    const { registrationId, venId } = this.#link.requireRegistration();
    const isOurs = cancel.registrationID === registrationId;
    const eiResponse = isOurs ? okResponse(cancel.requestID) : invalidId(cancel.requestID, "unknown registrationID");
    const registrationID = registrationId === undefined ? {} : { registrationID: registrationId };
    const message = { type: "oadrCanceledPartyRegistration", eiResponse, ...registrationID, venID: venId } as const;
    await deliver("EiRegisterParty", message);
    if (isOurs) this.#endRegistration();
  }

  #endRegistration(): void {
    const { state } = this.#link;
    const registration = this.#link.requireRegistration();
    state.transaction(() => {
      state.setRegistration({ ...registration, registrationId: undefined });
      for (const { request } of state.reports()) state.deleteReport(request.reportRequestID);
      for (const { reportRequestID } of state.vtnReports()) state.deleteVtnReport(reportRequestID);
    });
    this.#link.notify({ kind: "registration-cancelled", venId: registration.venId });
  }

  #registrationRequest(known: RegistrationRecord | undefined): OadrMessage {
    const venId = known?.venId ?? this.#options.venId;
    return {
      type: "oadrCreatePartyRegistration",
      requestID: this.#link.newId("REQ"),
      ...(known?.registrationId === undefined ? {} : { registrationID: known.registrationId }),
      ...(venId === undefined ? {} : { venID: venId }),
      oadrProfileName: "2.0b",
      oadrTransportName: "simpleHttp",
      ...(this.#options.pushAddress === undefined ? {} : { oadrTransportAddress: this.#options.pushAddress }),
      oadrReportOnly: false,
      oadrXmlSignature: this.#options.isSigning,
      oadrVenName: this.#options.venName,
      oadrHttpPullModel: this.#options.pushAddress === undefined,
    };
  }
}

function requestIdOf(message: OadrMessage): string {
  return "requestID" in message ? message.requestID : "";
}

function readRegistration(answer: OadrMessage | undefined): RegistrationRecord {
  const isTaken =
    answer?.type === "oadrCreatedPartyRegistration" && answer.eiResponse.responseCode === RESPONSE_CODES.ok;
  if (!isTaken || answer.venID === undefined || answer.registrationID === undefined) {
    throw new VenError("registration-refused", refusalText(answer));
  }
  return {
    venId: answer.venID,
    registrationId: answer.registrationID,
    vtnId: answer.vtnID,
    pollFrequency: answer.oadrRequestedOadrPollFreq ?? DEFAULT_POLL_FREQUENCY,
  };
}

function responseOf(answer: OadrMessage | undefined): EiResponse {
  if (answer !== undefined && "eiResponse" in answer && answer.eiResponse !== undefined) return answer.eiResponse;
  throw new VenError("unexpected-message", refusalText(answer));
}

function refusalText(answer: OadrMessage | undefined): string {
  if (answer === undefined || !("eiResponse" in answer)) return `the VTN answered ${answer?.type ?? "nothing"}`;
  return `the VTN answered ${answer.eiResponse?.responseCode}: ${answer.eiResponse?.responseDescription ?? ""}`;
}

function eventIdOf({ event }: VenEventRecord): string {
  return event.eiEvent.eventDescriptor.eventID;
}
