import { ExchangeError, HttpTransport, type MessageSecurity, type TlsMaterial } from "../exchange/index.ts";
import type { MessageType, OadrMessage, ServiceName } from "../wire20b/index.ts";
import type { VenRecord } from "./records.ts";
import type { Vtn20b } from "./vtn.ts";

/** After so many messages to one VEN the others have their turn. */
export const MAX_PUSHES_IN_A_ROW = 32;

/** Which of the VEN's services a message of the VTN is for. */
const SERVICE_OF: Partial<Record<MessageType, ServiceName>> = {
  oadrDistributeEvent: "EiEvent",
  oadrCreateReport: "EiReport",
  oadrCancelReport: "EiReport",
  oadrRegisterReport: "EiReport",
  oadrUpdateReport: "EiReport",
  oadrCancelPartyRegistration: "EiRegisterParty",
  oadrRequestReregistration: "EiRegisterParty",
};

/** What a pusher needs of the VTN whose messages it carries. */
export interface PusherModules {
  readonly vtn: Vtn20b;
  readonly tls: TlsMaterial | undefined;
  readonly security: MessageSecurity;
  /** Told of each VEN that could not be reached; what it was to be told stays due. */
  readonly onFailure: (venId: string, error: ExchangeError) => void;
}

/** Takes to push VENs what others fetch by polling. It holds no timer: whoever runs it calls `pushAll`. */
export class Pusher {
  readonly #modules: PusherModules;
  readonly #transports = new Map<string, HttpTransport>();

  constructor(modules: PusherModules) {
    this.#modules = modules;
  }

  /** Pushes to every push VEN all that is due. */
  async pushAll(): Promise<void> {
    const vens = this.#modules.vtn.state.vens.under();
    await Promise.all(vens.filter(isPushable).map((ven) => this.#pushTo(ven)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.#transports.values()].map((transport) => transport.close()));
    this.#transports.clear();
  }

  async #pushTo(ven: VenRecord): Promise<void> {
    try {
      for (let count = 0; count < MAX_PUSHES_IN_A_ROW; count += 1) {
        const message = this.#modules.vtn.next(ven);
        const service = SERVICE_OF[message.type];
        if (service === undefined) return;
        this.#take(service, await this.#transportTo(ven).send(service, message), ven);
      }
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      this.#modules.onFailure(ven.venId, error);
    }
  }

  /** The reply is the VEN's answer, as if it had come by a request of its own. */
  #take(service: ServiceName, reply: OadrMessage | undefined, { fingerprint }: VenRecord): void {
    if (reply !== undefined) this.#modules.vtn.answer(service, reply, { fingerprint });
  }

  #transportTo(ven: VenRecord): HttpTransport {
    const { tls, security } = this.#modules;
    const url = ven.transportAddress ?? "";
    // With TLS on, nothing is ever pushed over plain HTTP, whatever address a VEN has given.
    const isAllowed = URL.canParse(url) && new URL(url).protocol === (tls === undefined ? "http:" : "https:");
    if (!isAllowed) throw new ExchangeError("unreachable", "the transport address is not usable");
    const key = `${ven.venId} ${url} ${ven.fingerprint ?? ""}`;
    const known =
      this.#transports.get(key) ?? new HttpTransport({ url, tls, peerFingerprint: ven.fingerprint }, security);
    this.#transports.set(key, known);
    return known;
  }
}

function isPushable({ isPull, registrationId }: VenRecord): boolean {
  return !isPull && registrationId !== undefined;
}
