import type { Log } from "@gridpact/host";
import {
  CommitError,
  type Ledger,
  type LedgerArgument,
  ledgerRefusal,
  type Outbox,
  type SigningStage,
} from "@gridpact/ledger";
import { SIGN_STAGE, type SignStage } from "@gridpact/proto";
import { canonicalJson } from "@gridpact/settlement";
import { ConsentBatches } from "./consent-batches.ts";
import { SignatureError, type SignatureExchange } from "./signature-exchange.ts";

/** A contract that waits for its device; `contractId` names the question, whatever else is in it. */
export type ConsentQuery = {
  contractId: string;
  deviceId: string;
  certificatePem: string;
  /** Argument of `sc2:AcceptReduction`. */
  argument: LedgerArgument;
  /** Whether the device's consent goes to the ledger with others', and not in a transaction of its own. */
  isTogether: boolean;
  deadlineUnixMs: number;
};

/** Only `accepted` and `declined` are final. A ledger that is away leaves it `pending`, and is asked again. */
export type ConsentState =
  | { status: "pending" }
  | { status: "accepted" }
  /** The device said no, did not answer in time, or the contract refused its acceptance. */
  | { status: "declined"; reason: string };

/** Consents under way at once; more wait for a later tick. Each holds one signature request and one ledger call. */
export const CONSENTS_AT_ONCE_MAX = 256;

/** Proposals are prepared here and signed by the device: no key of a device is ever in this process. */
export type ConsentModules = {
  ledger: Pick<Ledger, "prepareOffline">;
  outbox: Pick<Outbox, "execute" | "executePrepared">;
  exchange: SignatureExchange;
  log: Log;
};

/**
 * Gets devices' consent to contracts by their own signatures, which the node only carries: in a transaction of the
 * device's own, or as a consent that is handed in with others'. A consent is begun by the
 * first call and looked at by the later ones. Nothing here survives a crash: the contract on the ledger says then
 * whether a device has consented, and one that has not is asked again.
 */
export class ConsentDesk {
  readonly #mspId: string;
  readonly #modules: ConsentModules;
  readonly #underWay = new Map<string, ConsentState>();
  readonly #batches: ConsentBatches;
  #attempts = 0;

  constructor(options: { mspId: string }, modules: ConsentModules) {
    this.#mspId = options.mspId;
    this.#modules = modules;
    this.#batches = new ConsentBatches(modules.outbox);
  }

  /** True when nothing is under way for a contract, so that only the ledger knows how it stands. */
  isUnknown(contractId: string): boolean {
    return !this.#underWay.has(contractId);
  }

  /** The caller MUST write down a final state before it drops the contract; it is then no longer kept here. */
  request(query: ConsentQuery): ConsentState {
    const known = this.#underWay.get(query.contractId);
    if (known !== undefined) {
      if (known.status !== "pending") this.#underWay.delete(query.contractId);
      return known;
    }
    if (this.#underWay.size < CONSENTS_AT_ONCE_MAX) {
      this.#underWay.set(query.contractId, { status: "pending" });
      void this.#obtain(query);
    }
    return { status: "pending" };
  }

  /** Hands in what devices have signed since the last call and what goes to the ledger together. */
  handIn(): void {
    this.#batches.handIn();
  }

  async #obtain(query: ConsentQuery): Promise<void> {
    const { contractId, deviceId } = query;
    try {
      await (query.isTogether ? this.#consent(query) : this.#accept(query));
      this.#underWay.set(contractId, { status: "accepted" });
    } catch (error) {
      this.#modules.log.warn("consent_failed", { contractId, deviceId, reason: String(error) });
      if (isFinal(error)) this.#underWay.set(contractId, { status: "declined", reason: String(rootOf(error)) });
      else this.#underWay.delete(contractId);
    }
  }

  async #consent({ contractId, deviceId, argument, deadlineUnixMs }: ConsentQuery): Promise<void> {
    const signature = await this.#modules.exchange.request({
      deviceId,
      requestId: `${contractId}/${this.#attempts++}/consent`,
      stage: SIGN_STAGE.CONSENT,
      message: Buffer.from(canonicalJson(argument)),
      deadlineUnixMs,
    });
    await this.#batches.add({ contractId, signatureHex: Buffer.from(signature).toString("hex") });
  }

  async #accept(query: ConsentQuery): Promise<void> {
    const { ledger, outbox } = this.#modules;
    const creator = { mspId: this.#mspId, certificatePem: query.certificatePem, sign: this.#signerFor(query) };
    const prepared = await ledger.prepareOffline(creator, "sc2:AcceptReduction", query.argument);
    // Lanes keep an order; consents of different devices need none, and would wait for each other's blocks.
    const lane = `consent/${query.contractId}`;
    await outbox.executePrepared(`${lane}/${prepared.transactionId}`, prepared, { lane });
  }

  #signerFor({ contractId, deviceId, deadlineUnixMs }: ConsentQuery) {
    const attempt = this.#attempts++;
    return (stage: SigningStage, message: Uint8Array) => {
      // An answer to an earlier attempt must not be taken for this one: other nonce, other bytes.
      const requestId = `${contractId}/${attempt}/${stage}`;
      const wireStage = WIRE_STAGE[stage];
      return this.#modules.exchange.request({ deviceId, requestId, stage: wireStage, message, deadlineUnixMs });
    };
  }
}

const WIRE_STAGE = {
  proposal: SIGN_STAGE.PROPOSAL,
  transaction: SIGN_STAGE.TRANSACTION,
  commitStatus: SIGN_STAGE.COMMIT_STATUS,
} as const satisfies Record<SigningStage, SignStage>;

/**
 * The device's or the contract's last word. A contract in another state may have been accepted by an attempt that was
 * believed lost, and an invalid transaction lost a race: both are looked up again; the rest is the ledger's trouble.
 */
function isFinal(error: unknown): boolean {
  if (rootOf(error) instanceof SignatureError) return true;
  const refusal = error instanceof CommitError ? undefined : ledgerRefusal(error);
  return refusal !== undefined && refusal !== "SC2_WRONG_STATE";
}

/** The first cause of an error: the ledger client may have wrapped what the signer threw. */
function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error;
}
