import type { SignatureVerifier } from "@gridpact/proto";
import type { ProvenBlock } from "../evidence/index.ts";
import type { BlockProof } from "./audit-blocks.ts";
import { auditTransaction, type Difference } from "./audit-transaction.ts";
import { ReplayedState } from "./replayed-state.ts";

/**
 * A proven block, with what differs in those of its transactions, by id, that whoever proved it has run again already.
 */
export type AuditedBlock = ProvenBlock & { readonly replayed?: ReadonlyMap<string, readonly Difference[]> };

export type ReplayedAheadModules = {
  proof: BlockProof;
  /** Of devices' signatures, with the verdicts of ZIP-215. */
  verifySignature: SignatureVerifier;
  /** Whether there is time to run the next transaction again; asked before each; what is found is the same. */
  hasTime: () => boolean;
};

/**
 * Proves blocks, and runs their transactions again while the audit's other half has enough to do.
 *
 * The state before a transaction is what proven blocks wrote before it, whether that is right or not: so who has all
 * blocks up to one has the state, without a word of whoever replays the others, and who replays which makes no
 * difference. A wrong value is found by the one who replays the transaction that wrote it.
 */
export class ReplayedAhead implements BlockProof {
  readonly #modules: ReplayedAheadModules;
  readonly #state = new ReplayedState();
  /** Of the block before: running transactions again may wait, and each needs the state that all before it made. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(modules: ReplayedAheadModules) {
    this.#modules = modules;
  }

  /** @throws BlockNotProvenError */
  verify(bytes: Uint8Array): Promise<AuditedBlock> {
    const next = this.#last.then(() => this.#verify(bytes));
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #verify(bytes: Uint8Array): Promise<AuditedBlock> {
    const block = await this.#modules.proof.verify(bytes);
    const replayed = new Map<string, readonly Difference[]>();
    try {
      await this.#replay(block, replayed);
    } catch (error) {
      // What cannot even be adopted ends the audit, by whoever holds the report: it comes to the same end there.
      if (!(error instanceof Error)) throw error;
    }
    return { ...block, replayed };
  }

  async #replay({ transactions }: ProvenBlock, replayed: Map<string, readonly Difference[]>): Promise<void> {
    const { verifySignature, hasTime } = this.#modules;
    for (const transaction of transactions.values()) {
      if (hasTime()) {
        const differences = await auditTransaction(transaction, { state: this.#state, verifySignature });
        replayed.set(transaction.transactionId, differences);
      }
      this.#state.adopt(transaction);
    }
  }
}
