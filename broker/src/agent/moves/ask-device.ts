import type { Clock } from "@gridpact/host";
import {
  type ClusterGuidelines,
  consentSigningBytes,
  encode,
  releaseHash,
  SIGN_STAGE,
  verifyZip215,
} from "@gridpact/proto";
import type { SignatureExchange } from "../contract/index.ts";
import type { LosingMove } from "./node-move.ts";

/** What a device said to an offer: its signature in hex, or why it does not go, in words. */
export type OfferAnswer = { signatureHex: string } | { refusal: string };

/** The bytes of an offer. */
export function offerPayload(
  move: Pick<LosingMove, "deviceId" | "toVnId" | "ticketHex">,
  offer: { fromVnId: string; revision: number; deadlineUnixMs: number; guidelines: ClusterGuidelines },
): Uint8Array {
  const { capacityWMax, dwellMs, ...guidelines } = offer.guidelines;
  return encode("MoveOffer", {
    deviceId: move.deviceId,
    fromVnId: offer.fromVnId,
    toVnId: move.toVnId,
    revision: offer.revision,
    guidelines: {
      ...guidelines,
      gainPerMilleMin: Math.round(guidelines.gainPerMilleMin),
      capacityWMax: BigInt(Math.round(capacityWMax)),
      dwellMs: BigInt(dwellMs),
    },
    deadlineUnixMs: BigInt(offer.deadlineUnixMs),
    ticket: Buffer.from(move.ticketHex, "hex"),
  });
}

/** Asks devices for their agreement, each once at a time, and keeps the answers until somebody looks. */
export class DeviceQuestions {
  readonly #vnId: string;
  readonly #exchange: SignatureExchange;
  readonly #clock: Clock;
  readonly #answers = new Map<string, OfferAnswer | "asked">();

  constructor(vnId: string, modules: { exchange: SignatureExchange; clock: Clock }) {
    this.#vnId = vnId;
    this.#exchange = modules.exchange;
    this.#clock = modules.clock;
  }

  /** The answer to the offer, which is taken; undefined as long as there is none. Asks when nobody did. */
  answer(move: LosingMove, publicKeyHex: string): OfferAnswer | undefined {
    const known = this.#answers.get(move.moveId);
    if (known === "asked") return undefined;
    this.#answers.delete(move.moveId);
    if (known === undefined && this.#exchange.canAcceptWork()) void this.#ask(move, publicKeyHex);
    return known;
  }

  async #ask({ moveId, deviceId, toVnId, offer }: LosingMove, publicKeyHex: string): Promise<void> {
    if (offer === null) return;
    this.#answers.set(moveId, "asked");
    const { revision, deadlineUnixMs } = offer;
    try {
      const signature = await this.#exchange.request({
        deviceId,
        requestId: `release/${moveId}/${this.#clock.nowUnixMs()}`,
        stage: SIGN_STAGE.RELEASE,
        message: Buffer.from(offer.statementHex, "hex"),
        deadlineUnixMs,
      });
      const hash = releaseHash({ deviceId, fromVnId: this.#vnId, toVnId, revision });
      const isSigned = verifyZip215(Buffer.from(publicKeyHex, "hex"), consentSigningBytes(hash), signature);
      const answer = isSigned
        ? { signatureHex: Buffer.from(signature).toString("hex") }
        : { refusal: "the device signed something else" };
      this.#answers.set(moveId, answer);
    } catch (error) {
      this.#answers.set(moveId, { refusal: error instanceof Error ? error.message : String(error) });
    }
  }
}
