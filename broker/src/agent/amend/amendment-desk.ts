import type { Log } from "@gridpact/host";
import { SIGN_STAGE } from "@gridpact/proto";
import { canonicalJson } from "@gridpact/settlement";
import type { SignatureExchange } from "../contract/index.ts";

/** A question to a device; contract and `amendmentText` name it, so that the same one is asked once. */
export type AmendmentQuery = {
  contractId: string;
  deviceId: string;
  /** What the device is shown: its terms and the amended order, as it expects them. */
  message: Record<string, string>;
  deadlineUnixMs: number;
};

/** `pending` also when there is no room to ask yet: the caller asks again with its next tick. */
export type AmendmentAnswer =
  | { status: "pending" }
  | { status: "signed"; signatureHex: string }
  /** The device said no, or did not answer in time. */
  | { status: "declined" };

/** Devices asked at once; more wait for a later tick. */
export const AMENDMENTS_AT_ONCE_MAX = 256;

/**
 * Asks devices for their word on amendments. A question is begun by the first call and looked at by the later ones.
 * Nothing here survives a crash: a device that is asked again gives the same answer.
 */
export class AmendmentDesk {
  readonly #modules: { exchange: SignatureExchange; log: Log };
  readonly #underWay = new Map<string, AmendmentAnswer>();
  #attempts = 0;

  constructor(modules: { exchange: SignatureExchange; log: Log }) {
    this.#modules = modules;
  }

  /** The caller MUST write down a final answer before it drops the question; it is then no longer kept here. */
  ask(query: AmendmentQuery): AmendmentAnswer {
    const key = `${query.contractId}/${query.message["amendmentText"]}`;
    const known = this.#underWay.get(key);
    if (known !== undefined) {
      if (known.status !== "pending") this.#underWay.delete(key);
      return known;
    }
    if (this.#underWay.size < AMENDMENTS_AT_ONCE_MAX && this.#modules.exchange.canAcceptWork()) {
      this.#underWay.set(key, { status: "pending" });
      void this.#obtain(key, query);
    }
    return { status: "pending" };
  }

  /** Questions that nobody will ask any more, as what they are about has been decided. */
  forget(contractIds: readonly string[]): void {
    for (const key of this.#underWay.keys()) {
      if (contractIds.some((contractId) => key.startsWith(`${contractId}/`))) this.#underWay.delete(key);
    }
  }

  async #obtain(key: string, { contractId, deviceId, message, deadlineUnixMs }: AmendmentQuery): Promise<void> {
    let answer: AmendmentAnswer = { status: "declined" };
    try {
      const signature = await this.#modules.exchange.request({
        deviceId,
        requestId: `${contractId}/${this.#attempts++}/amendment`,
        stage: SIGN_STAGE.AMENDMENT,
        message: Buffer.from(canonicalJson(message)),
        deadlineUnixMs,
      });
      answer = { status: "signed", signatureHex: Buffer.from(signature).toString("hex") };
    } catch (error) {
      this.#modules.log.warn("amendment_declined", { contractId, deviceId, reason: String(error) });
    }
    if (this.#underWay.has(key)) this.#underWay.set(key, answer);
  }
}
