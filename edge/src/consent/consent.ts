import type { Clock, Disk, SigningKey } from "@gridpact/host";
import {
  amendmentSigningBytes,
  consentSigningBytes,
  releaseHash,
  SIGN_STAGE,
  type SignRequest,
  type SignResponse,
} from "@gridpact/proto";
import type { FlexibilityLearner } from "../learning/index.ts";
import { type Amendment, type AmendmentBasis, checkAmendment, readAmendment } from "./amendment.ts";
import { ConsentBook, type SignedProposal } from "./consent-book.ts";
import type { AgreedMove, MoveBook } from "./move-book.ts";
import { type ReadOffer, readMoveOffer } from "./move-offer.ts";
import { type ExpectedProposal, readProposal } from "./proposal.ts";
import { accept, type Checked, REFUSALS, refuse } from "./refusal.ts";
import { readTerms, type Terms } from "./terms.ts";
import { readCommitStatus, readTransaction } from "./transaction.ts";

/** Where the contracts live. [DESIGN.md section 4, ledger] */
const CHANNEL = "gridpact";
const CHAINCODE = "gridpact";

/** The one transaction that a device signs, and whose argument it consents to without one. */
const TRANSACTION = "sc2:AcceptReduction";

/**
 * Highest penalty that a device agrees to for one contract unless its owner says otherwise: 500 in the market's
 * currency. A commercial battery of 100 kW that fails for two hours stays below it at 2 per kWh.
 */
export const PENALTY_CAP_MICRO_MAX_DEFAULT = 500_000_000n;

/** What the owner of a device allows. */
export type ConsentPolicy = {
  penaltyCapMicroMax: bigint;
  /**
   * Moves to other nodes of this authority (PEM) are agreed to. Left out, none is: who meters, steers and pays a device
   * is for its owner to decide, and a new node has no history for its baseline at first.
   */
  moves?: { authorityPem: string };
};

/**
 * The device's own say on the ledger. A virtual node carries its proposals, transactions and status questions, but the
 * signatures are made here, and only for terms that the device has seen and hashed itself.
 * Calls MUST NOT overlap.
 */
export class Consent {
  readonly #deviceId: string;
  readonly #key: SigningKey;
  readonly #policy: ConsentPolicy;
  readonly #book: ConsentBook;
  readonly #moves: MoveBook;
  readonly #clock: Clock;
  readonly #learner: ConsentModules["learner"];
  readonly #onMove: ConsentModules["onMove"];

  private constructor(options: ConsentOptions, modules: ConsentModules & { book: ConsentBook }) {
    const { book, clock, moves, learner, onMove } = modules;
    this.#deviceId = options.deviceId;
    this.#key = options.key;
    this.#policy = options.policy;
    this.#book = book;
    this.#clock = clock;
    this.#learner = learner;
    this.#moves = moves;
    this.#onMove = onMove;
  }

  static async open(options: ConsentOptions, modules: ConsentModules): Promise<Consent> {
    return new Consent(options, { ...modules, book: await ConsentBook.open(modules.disk) });
  }

  /** Signs or refuses; both are an answer. The same request has the same answer, so it may be asked again. */
  async answer(request: SignRequest): Promise<SignResponse> {
    const { requestId } = request;
    const checked = await this.#bytesToSign(request);
    if (checked.isOk) return { requestId, signature: this.#key.sign(checked.value), refusal: "" };
    const refusal = `${checked.refusal}: ${REFUSALS[checked.refusal]}`;
    return { requestId, signature: new Uint8Array(), refusal };
  }

  async #bytesToSign(request: SignRequest): Promise<Checked<Uint8Array>> {
    if (request.stage === SIGN_STAGE.CONSENT) return this.#checkConsent(request.message);
    if (request.stage === SIGN_STAGE.AMENDMENT) return this.#checkAmendment(request.message);
    if (request.stage === SIGN_STAGE.RELEASE) return this.#checkRelease(request.message);
    const checked = await this.#check(request);
    return checked.isOk ? accept(request.message) : checked;
  }

  /** Its whole consent, without a transaction: the hash of terms that it was shown, and that it agrees to. */
  async #checkConsent(message: Uint8Array): Promise<Checked<Uint8Array>> {
    const terms = readTerms(Buffer.from(message).toString("utf8"), this.#deviceId);
    if (!terms.isOk) return terms;
    const agreed = this.#book.hasAgreed(terms.value) ? accept(undefined) : await this.#agree(terms.value);
    return agreed.isOk ? accept(consentSigningBytes(Buffer.from(terms.value.termsHashHex, "hex"))) : agreed;
  }

  /** Another order for a contract that it agreed to; the same amendment may be signed again. */
  async #checkAmendment(message: Uint8Array): Promise<Checked<Uint8Array>> {
    const read = readAmendment(Buffer.from(message).toString("utf8"), this.#deviceId);
    if (!read.isOk) return read;
    const { terms, amendmentNo, hashHex } = read.value;
    if (!this.#book.hasAgreed(terms)) return refuse("terms_unknown");
    const signed = this.#book.findAmendment(terms, amendmentNo);
    if (signed?.hashHex !== hashHex) {
      const mayCount = signed !== undefined && signed.fromUnixMs > this.#clock.nowUnixMs();
      const agreed = mayCount ? refuse("amendment_changed") : await this.#agreeToAmendment(read.value);
      if (!agreed.isOk) return agreed;
    }
    return accept(amendmentSigningBytes(Buffer.from(hashHex, "hex")));
  }

  async #agreeToAmendment(amendment: Amendment): Promise<Checked<undefined>> {
    const { terms, amendmentNo, hashHex, orderedWh, penaltyCapMicro } = amendment;
    const before = this.#orderBefore(amendment);
    if (before === undefined) return refuse("amendment_unknown");
    const checked = checkAmendment(amendment, {
      before,
      nowUnixMs: this.#clock.nowUnixMs(),
      penaltyCapMicroMax: this.#policy.penaltyCapMicroMax,
      deliveredPerMille: this.#learner.deliveredPerMille(terms.contractId, before.orderedWh),
    });
    if (!checked.isOk) return checked;
    const texts = { orderedWh: orderedWh.map(String), penaltyCapMicro: `${penaltyCapMicro}` };
    await this.#book.rememberAmendment(terms, { amendmentNo, hashHex, ...checked.value, ...texts });
    await this.#learner.amended(terms.contractId, orderedWh);
    return accept(undefined);
  }

  /** The order that an amendment takes the place of: that of the one before it, or of the terms. */
  #orderBefore({ terms, amendmentNo }: Amendment): AmendmentBasis["before"] | undefined {
    if (amendmentNo === 1) return { orderedWh: terms.order.orderedWh, penaltyCapMicro: terms.penaltyCapMicro };
    const signed = this.#book.findAmendment(terms, amendmentNo - 1);
    return signed && { orderedWh: signed.orderedWh.map(BigInt), penaltyCapMicro: BigInt(signed.penaltyCapMicro) };
  }

  /** Its agreement to be let go to another node; the same offer again has the same answer. */
  async #checkRelease(message: Uint8Array): Promise<Checked<Uint8Array>> {
    const { moves } = this.#policy;
    if (moves === undefined) return refuse("moves_refused");
    const reader = { deviceId: this.#deviceId, publicKey: this.#key.publicKey, ...moves };
    const offer = readMoveOffer(message, reader);
    if (!offer.isOk) return offer;
    const refusal = this.#moveRefusal(offer.value);
    if (refusal !== undefined) return refuse(refusal);
    const { move, release } = offer.value;
    await this.#moves.agree(move);
    this.#onMove(move);
    return accept(consentSigningBytes(releaseHash(release)));
  }

  #moveRefusal({ move, dwellMs }: ReadOffer) {
    const nowUnixMs = this.#clock.nowUnixMs();
    if (nowUnixMs >= move.deadlineUnixMs) return "offer_expired";
    const [known, movedAtUnixMs] = [this.#moves.agreed(), this.#moves.movedAtUnixMs()];
    const isSame = known?.toVnId === move.toVnId && known.revision === move.revision;
    if (known !== undefined && !isSame && nowUnixMs < known.deadlineUnixMs) return "other_move";
    if (this.#book.hasOpen(nowUnixMs)) return "contract_open";
    const isResting = movedAtUnixMs !== undefined && nowUnixMs < movedAtUnixMs + dwellMs;
    return isResting ? "moved_recently" : undefined;
  }

  async #check({ stage, message }: SignRequest): Promise<Checked<undefined>> {
    switch (stage) {
      case SIGN_STAGE.PROPOSAL:
        return this.#checkProposal(message);
      case SIGN_STAGE.TRANSACTION:
        return this.#checkTransaction(message);
      case SIGN_STAGE.COMMIT_STATUS:
        return this.#checkCommitStatus(message);
      default:
        return refuse("wrong_stage");
    }
  }

  async #checkProposal(message: Uint8Array): Promise<Checked<undefined>> {
    const proposal = readProposal(message, this.#expected());
    if (!proposal.isOk) return proposal;
    const { transactionId, proposalHashHex, argumentText } = proposal.value;
    if (this.#book.find(transactionId)?.proposalHashHex === proposalHashHex) return accept(undefined);
    const terms = readTerms(argumentText, this.#deviceId);
    return terms.isOk ? this.#agree(terms.value, { transactionId, proposalHashHex }) : terms;
  }

  /** The owner's policy and the device's memory; the same terms may be agreed to again until they begin. */
  async #agree(terms: Terms, proposal?: SignedProposal): Promise<Checked<undefined>> {
    const nowUnixMs = this.#clock.nowUnixMs();
    if (terms.penaltyCapMicro > this.#policy.penaltyCapMicroMax) return refuse("penalty_too_high");
    if (nowUnixMs >= terms.startUnixMs) return refuse("too_late");
    const move = this.#moves.agreed();
    if (move !== undefined && nowUnixMs < move.deadlineUnixMs) return refuse("moving");
    const remembered = await this.#book.remember(terms, proposal, nowUnixMs);
    if (remembered.isOk) await this.#learner.promised(terms.order);
    return remembered;
  }

  #checkTransaction(message: Uint8Array): Checked<undefined> {
    const transaction = readTransaction(message);
    if (!transaction.isOk) return transaction;
    const signed = this.#book.find(transaction.value.transactionId);
    if (signed === undefined) return refuse("transaction_unknown");
    const isOwn = signed.proposalHashHex === transaction.value.proposalHashHex;
    return isOwn ? accept(undefined) : refuse("response_mismatch");
  }

  #checkCommitStatus(message: Uint8Array): Checked<undefined> {
    const status = readCommitStatus(message);
    if (!status.isOk) return status;
    if (status.value.channelId !== CHANNEL) return refuse("wrong_channel");
    return this.#book.find(status.value.transactionId) === undefined
      ? refuse("transaction_unknown")
      : accept(undefined);
  }

  #expected(): ExpectedProposal {
    const { publicKey } = this.#key;
    return { channelId: CHANNEL, chaincodeName: CHAINCODE, transactionName: TRANSACTION, publicKey };
  }
}

/** `key` is the device's only key: what it signs here, the contract takes for the device's word. */
export type ConsentOptions = { deviceId: string; key: SigningKey; policy: ConsentPolicy };

/** What a signature binds the device to is on `disk`, and told to `learner` and `onMove`, before it goes out. */
export type ConsentModules = {
  disk: Disk;
  clock: Clock;
  /** Told what the device is bound to before its signature goes out, and asked how it keeps its word by its meter. */
  learner: Pick<FlexibilityLearner, "promised" | "amended" | "deliveredPerMille">;
  moves: MoveBook;
  /** Told of a move that it agrees to, before its signature goes out; again when it is asked again. */
  onMove: (move: AgreedMove) => void;
};
