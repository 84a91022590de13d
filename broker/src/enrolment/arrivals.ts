import type { Log } from "@gridpact/host";
import { type EnrolmentRequest, encode } from "@gridpact/proto";
import { contractRefusal, type LedgerOutbox } from "../ledger-outbox.ts";
import { tokenName } from "./enrolment-token.ts";

/** Devices of other nodes that are on their way at once; a plan moves a handful. */
export const ARRIVALS_MAX = 64;

/** The device's node has not released it yet, or has taken it back: both may change, so the device asks again. */
const NOT_RELEASED = "REGISTRY_DEVICE_EXISTS";

/** Whether the ledger has the device at this node. */
export type ArrivalState = "asking" | "enrolled" | "refused" | "busy";

/**
 * Devices that come from another node. The ledger decides where such a device belongs: only when it has the device
 * here may the device be told that it is, or two nodes could each believe that it is theirs.
 */
export class Arrivals {
  readonly #member: { vnId: string; mspId: string };
  readonly #outbox: LedgerOutbox;
  readonly #log: Log;
  readonly #states = new Map<string, ArrivalState>();

  constructor(member: { vnId: string; mspId: string }, modules: { outbox: LedgerOutbox; log: Log }) {
    this.#member = member;
    this.#outbox = modules.outbox;
    this.#log = modules.log;
  }

  /** Devices of which the ledger has not answered, or that have not come for its answer. */
  size(): number {
    return this.#states.size;
  }

  /** Asks the ledger, and says at once what it answered so far; the device's next request hears more. */
  ask(request: EnrolmentRequest): ArrivalState {
    const key = `arrive/${request.deviceId}/${tokenName(request.token).slice(0, 32)}`;
    const known = this.#states.get(key);
    if (known === "enrolled" || known === "refused") this.#states.delete(key);
    if (known !== undefined) return known;
    if (!this.#hasRoom()) return "busy";
    this.#states.set(key, "asking");
    void this.#enrol(key, request);
    return "asking";
  }

  /** An answer that nobody came back for makes room: who asks for it late is given it anew, by outbox or ledger. */
  #hasRoom(): boolean {
    if (this.#states.size < ARRIVALS_MAX) return true;
    for (const [key, state] of this.#states) if (state !== "asking") return this.#states.delete(key);
    return false;
  }

  async #enrol(key: string, request: EnrolmentRequest): Promise<void> {
    const { deviceId, publicKey } = request;
    const argument = {
      ...this.#member,
      deviceId,
      publicKeyHex: Buffer.from(publicKey).toString("hex"),
      enrolmentRequestHex: Buffer.from(encode("EnrolmentRequest", request)).toString("hex"),
    };
    try {
      await this.#outbox.execute(key, "registry:EnrolDevice", argument, { lane: `device/${deviceId}` });
      this.#states.set(key, "enrolled");
    } catch (error) {
      const contractCode = contractRefusal(error);
      this.#log.warn("arrival_not_enrolled", { deviceId, reason: contractCode ?? String(error) });
      // An outage and a release that is not there yet are asked for again; anything else stays refused.
      if (contractCode === undefined || contractCode === NOT_RELEASED) this.#states.delete(key);
      else this.#states.set(key, "refused");
    }
  }
}
