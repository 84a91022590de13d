import type { Clock, RandomSource } from "../clock.ts";
import type { Meter } from "../reports20b/index.ts";
import type { DocumentStore } from "../storage/index.ts";
import { type OadrMessage, type OptType, type ServiceName, scheduledOptType } from "../wire20b/index.ts";
import { dispatch, nextForVen } from "./dispatch.ts";
import type { EventChange, EventInput } from "./event-input.ts";
import { eventEndUnixMs } from "./event-status.ts";
import * as operations from "./operations.ts";
import type { Enrolment, EventRecord, ReceivedReportRecord, VenRecord } from "./records.ts";
import type { PeerIdentity, VtnContext, VtnNotification, VtnOptions } from "./vtn-context.ts";
import { VtnState } from "./vtn-state.ts";

/** What a VTN lives on: all of it can be replaced, so that a simulation replays byte for byte. */
export interface VtnModules {
  readonly store: DocumentStore;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** The data of the VTN's own reports; needed when it offers any. */
  readonly meter?: Meter;
  /** Told what happened, after it is durable. */
  readonly onNotification?: (notification: VtnNotification) => void;
}

/** Why a message is not even looked at: its certificate may not speak here, or not for that venID. */
export type IdentityFault = "not-enrolled" | "foreign-ven-id";

/** An answer, where `undefined` is an empty one, or the reason to refuse the message with HTTP 403. */
export type VtnReply =
  | { readonly ok: true; readonly message: OadrMessage | undefined }
  | { readonly ok: false; readonly fault: IdentityFault };

/** A VTN that offers no reports is asked for none. */
const NO_DATA: Meter = { sample: () => undefined };

const NOBODY: PeerIdentity = { fingerprint: undefined };

/**
 * A 2.0b VTN without a network: messages in, messages out. Every message and every operation is one durable
 * transaction; a reply exists only when what it says is on the disk.
 */
export class Vtn20b {
  readonly options: VtnOptions;
  readonly #modules: VtnModules;
  readonly #state: VtnState;

  constructor(options: VtnOptions, modules: VtnModules) {
    this.options = options;
    this.#modules = modules;
    this.#state = new VtnState(modules.store);
  }

  /**
   * Answers one message of a peer. `ok: false` when the peer's certificate does not stand for the venID it states; such
   * a message changes nothing.
   */
  answer(service: ServiceName, message: OadrMessage, peer: PeerIdentity): VtnReply {
    const fault = this.#identityFault(message, peer);
    if (fault !== undefined) return { ok: false, fault };
    return { ok: true, message: this.#transact(peer, (context) => dispatch(context, service, message)) };
  }

  /** Whether a peer with this certificate has been given a venID. */
  hasVenId(peer: PeerIdentity): boolean {
    return peer.fingerprint !== undefined && this.#state.enrolments.get(peer.fingerprint)?.venId !== undefined;
  }

  /** What there is to push to a VEN now; `oadrResponse` when there is nothing. */
  next(ven: VenRecord): OadrMessage {
    return this.#transact(NOBODY, (context) => nextForVen(context, ven));
  }

  enrol(fingerprint: string, venId?: string): Enrolment {
    return this.#transact(NOBODY, (context) => operations.enrol(context, fingerprint, venId));
  }

  createEvent(input: EventInput): EventRecord {
    return this.#transact(NOBODY, (context) => operations.createEvent(context, input));
  }

  modifyEvent(eventId: string, change: EventChange): EventRecord {
    return this.#transact(NOBODY, (context) => operations.modifyEvent(context, eventId, change));
  }

  cancelEvent(eventId: string): EventRecord {
    return this.#transact(NOBODY, (context) => operations.cancelEvent(context, eventId));
  }

  requestReport(...[venId, specifierId, wanted]: OperationArguments<typeof operations.requestReport>): string {
    return this.#transact(NOBODY, (context) => operations.requestReport(context, venId, specifierId, wanted));
  }

  cancelReport(venId: string, reportRequestId: string, reportToFollow = false): void {
    this.#transact(NOBODY, (context) => operations.cancelReport(context, venId, reportRequestId, reportToFollow));
  }

  requestReregistration(venId: string): void {
    this.#transact(NOBODY, (context) => operations.requestReregistration(context, venId));
  }

  cancelRegistration(venId: string): void {
    this.#transact(NOBODY, (context) => operations.cancelRegistration(context, venId));
  }

  /** Everything the VTN remembers, to be read and never written. */
  get state(): VtnState {
    return this.#state;
  }

  /** What a VEN's availability schedules say about an event, before it has answered; undefined when they do not. */
  scheduledOpt(venId: string, event: EventRecord): OptType | undefined {
    const opts = this.#state.opts
      .under(venId)
      .flatMap(({ message }) => (message.type === "oadrCreateOpt" ? message : []));
    const { startUnixMs, marketContext, target } = event;
    return scheduledOptType(opts, { startUnixMs, endUnixMs: eventEndUnixMs(event), marketContext, target });
  }

  /** The newest reports of a VEN, as many as are kept for each request. */
  receivedReports(venId: string): readonly ReceivedReportRecord[] {
    return this.#state.receivedReports.under(venId);
  }

  #identityFault(message: OadrMessage, { fingerprint }: PeerIdentity): IdentityFault | undefined {
    // Registration answers a stranger by a response code of its own.
    const isRegistration = message.type === "oadrCreatePartyRegistration" || message.type === "oadrQueryRegistration";
    if (fingerprint === undefined || isRegistration) return undefined;
    const enrolment = this.#state.enrolments.get(fingerprint);
    if (enrolment === undefined && this.options.isEnrolmentRequired) return "not-enrolled";
    const stated = "venID" in message ? message.venID : undefined;
    if (stated === undefined || stated === "") return undefined;
    return stated === enrolment?.venId ? undefined : "foreign-ven-id";
  }

  #transact<T>(peer: PeerIdentity, work: (context: VtnContext) => T): T {
    const { store, clock, random, meter = NO_DATA, onNotification } = this.#modules;
    const notifications: VtnNotification[] = [];
    const context: VtnContext = {
      options: this.options,
      state: this.#state,
      nowUnixMs: clock.nowUnixMs(),
      random,
      meter,
      peer,
      notify: (notification) => notifications.push(notification),
    };
    const result = store.transaction(() => work(context));
    for (const notification of notifications) onNotification?.(notification);
    return result;
  }
}

type OperationArguments<F> = F extends (context: VtnContext, ...rest: infer R) => unknown ? R : never;
