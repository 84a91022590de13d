import { strict as assert } from "node:assert";
import type { Clock, Disk, Log, Random } from "@gridpact/host";
import { isSignedBy } from "../identity/index.ts";
import { type Consortium, type ParsedTransaction, transactionIdOf, tryParseTransaction } from "../protocol/index.ts";
import { Chaincode, type ChaincodeDefinition } from "./chaincode.ts";
import { Channel, type CommittedTransaction, type OrderedTransaction } from "./channel.ts";
import { CommitWaiters } from "./commit-waiters.ts";
import { type EndorsementOutcome, Endorser, type EvaluationOutcome } from "./endorser.ts";
import { type NodeIdentity, SigningNode } from "./node-identity.ts";
import { BATCH_DEFAULT, type BatchOptions, Orderer, TRANSACTION_BYTES_MAX } from "./orderer.ts";
import { PROPOSAL_SKEW_MS_MAX_DEFAULT, type SignedProposal } from "./proposal-checker.ts";

/** `consortium` MUST be the one that block 0 names, if there is one (LedgerConfigError). */
export type EmbeddedLedgerOptions = {
  consortium: Consortium;
  orderers: readonly NodeIdentity[];
  peers: readonly NodeIdentity[];
  chaincodes: readonly ChaincodeDefinition[];
  /** Directory of the disk that holds the blocks. */
  directory?: string;
  batch?: BatchOptions;
  /** See EndorserOptions; false unless a test says otherwise. */
  isRunByEachPeer?: boolean;
  /** See EndorserOptions; 15 minutes unless given. */
  proposalSkewMsMax?: number;
  /** See ChannelOptions; 16 MiB unless a test says otherwise. */
  changesBytesMax?: number;
};

export type EmbeddedLedgerModules = {
  disk: Disk;
  clock: Clock;
  random: Random;
  log: Log;
  /** A block could not be made durable. Nothing is committed any more and the owner MUST end the process. */
  onFatal: (error: unknown) => void;
};

/** Why an envelope is not taken in. */
export type SubmitRefusal =
  | "ENVELOPE_MALFORMED"
  | "ENVELOPE_TOO_LARGE"
  | "CHANNEL_UNKNOWN"
  | "CREATOR_REFUSED"
  | "ALREADY_SUBMITTED"
  | "LEDGER_BUSY";

/**
 * A whole ledger in one process: the peers of all organisations and their orderer, for one channel. It holds all their
 * keys, so it shows what the consortium would agree to and is no protection against whoever runs it; a Fabric network
 * with the same contracts and the same clients is.
 */
export class EmbeddedLedger {
  readonly channel: Channel;
  readonly #endorser: Endorser;
  readonly #orderer: Orderer;
  readonly #clock: Clock;
  readonly #waiters = new CommitWaiters();

  private constructor(options: EmbeddedLedgerOptions, modules: EmbeddedLedgerModules, channel: Channel) {
    this.channel = channel;
    this.#clock = modules.clock;
    const chaincodes = options.chaincodes.map((definition) => new Chaincode(definition));
    this.#endorser = new Endorser(
      {
        channel,
        chaincodes: new Map(chaincodes.map((chaincode) => [chaincode.name, chaincode])),
        peers: options.peers.map((identity) => new SigningNode(identity)),
        endorsingOrganisationsMin: options.consortium.endorsingOrganisationsMin,
        isRunByEachPeer: options.isRunByEachPeer ?? false,
        proposalSkewMsMax: options.proposalSkewMsMax ?? PROPOSAL_SKEW_MS_MAX_DEFAULT,
      },
      modules,
    );
    this.#orderer = new Orderer(options.batch ?? BATCH_DEFAULT, {
      clock: modules.clock,
      commit: (batch) => this.#commit(batch),
      onFailure: (error) => {
        modules.log.error("ledger_commit_failed", { reason: String(error) });
        this.#waiters.giveUpAll();
        modules.onFatal(error);
      },
    });
  }

  /**
   * Opens the ledger in its directory, rebuilding the state from the blocks.
   * @throws JournalDamagedError, LedgerDamagedError, LedgerConfigError; see Channel.open.
   */
  static async open(options: EmbeddedLedgerOptions, modules: EmbeddedLedgerModules): Promise<EmbeddedLedger> {
    const channel = await Channel.open({ ...options, directory: options.directory ?? "ledger" }, modules);
    modules.log.info("ledger_open", {
      channel: channel.name,
      height: channel.height(),
      headHash: Buffer.from(channel.headHash()).toString("hex"),
    });
    return new EmbeddedLedger(options, modules, channel);
  }

  evaluate(signed: SignedProposal, organisations: readonly string[] = []): Promise<EvaluationOutcome> {
    return this.#endorser.evaluate(signed, organisations);
  }

  endorse(signed: SignedProposal, organisations: readonly string[] = []): Promise<EndorsementOutcome> {
    return this.#endorser.endorse(signed, organisations);
  }

  /** Takes a signed transaction in for the next block. Taken in is not yet committed: ask `commitStatus`. */
  submit(envelopeBytes: Uint8Array): { ok: true } | { ok: false; reason: SubmitRefusal } {
    if (envelopeBytes.length > TRANSACTION_BYTES_MAX) return { ok: false, reason: "ENVELOPE_TOO_LARGE" };
    const transaction = tryParseTransaction(envelopeBytes);
    if (transaction === undefined) return { ok: false, reason: "ENVELOPE_MALFORMED" };
    const reason = this.#refusalOf(transaction);
    if (reason !== undefined) return { ok: false, reason };
    this.#orderer.enqueue({ envelopeBytes, transaction });
    return { ok: true };
  }

  /** Resolves when the transaction is committed, durably; waits without end. @throws WaitGivenUpError */
  async commitStatus(transactionId: string): Promise<CommittedTransaction> {
    return this.channel.transaction(transactionId) ?? this.#waiters.wait(transactionId);
  }

  /** Takes no transaction any more and commits those that were taken; questions are still answered. */
  async drain(): Promise<void> {
    await this.#orderer.close();
    this.#waiters.giveUpAll();
  }

  /** Drains the ledger and closes its files; MUST NOT be asked anything any more. */
  async close(): Promise<void> {
    await this.drain();
    await this.channel.close();
  }

  #refusalOf({ header, payloadBytes, signature }: ParsedTransaction): SubmitRefusal | undefined {
    if (header.channelName !== this.channel.name) return "CHANNEL_UNKNOWN";
    const { transactionId } = header;
    // Otherwise anyone could occupy the id of a transaction that somebody else is about to submit.
    if (transactionId !== transactionIdOf(header.nonce, header.creator)) return "ENVELOPE_MALFORMED";
    // By today's clock, unlike in a block: who has been a member until yesterday brings nothing new.
    const verdict = this.channel.rules.membership.identify(header.creator, this.#clock.nowUnixMs());
    if (!verdict.ok || !isSignedBy(verdict.member.publicKey, payloadBytes, signature)) return "CREATOR_REFUSED";
    if (!this.#orderer.canAcceptWork()) return "LEDGER_BUSY";
    const isKnown = this.#orderer.isPending(transactionId) || this.channel.transaction(transactionId) !== undefined;
    return isKnown ? "ALREADY_SUBMITTED" : undefined;
  }

  async #commit(batch: readonly OrderedTransaction[]): Promise<void> {
    await this.channel.commit(batch);
    for (const { transaction } of batch) {
      const { transactionId } = transaction.header;
      const committed = this.channel.transaction(transactionId);
      assert(committed !== undefined, "a committed transaction has its place in the chain");
      this.#waiters.committed(transactionId, committed);
    }
  }
}
