import type { LedgerArgument } from "@gridpact/ledger";
import type { LedgerOutbox, LedgerReceipt } from "../src/ledger-outbox.ts";

export type Act = { key: string; transaction: string; argument: LedgerArgument };

/** A ledger that takes every act once, unless the test makes it fail. */
export class TestOutbox implements LedgerOutbox {
  readonly acts: Act[] = [];
  readonly #receipts = new Map<string, LedgerReceipt>();
  /** Thrown for every act as long as it is set, or for those whose key begins so. */
  failure: unknown;
  failingPrefix = "";

  async execute(key: string, transaction: string, argument: LedgerArgument): Promise<LedgerReceipt> {
    if (this.failure !== undefined && key.startsWith(this.failingPrefix)) throw this.failure;
    const known = this.#receipts.get(key);
    if (known !== undefined) return known;
    const receipt = { transactionId: `tx-${this.acts.length}`, blockNumber: this.acts.length };
    this.acts.push({ key, transaction, argument });
    this.#receipts.set(key, receipt);
    return receipt;
  }

  /** Arguments of the acts of one transaction, in order. */
  argumentsOf(transaction: string): LedgerArgument[] {
    return this.acts.filter((act) => act.transaction === transaction).map(({ argument }) => argument);
  }
}
