import type { EnqueueOptions, LedgerArgument } from "@gridpact/ledger";

/** Where a ledger act ended. */
export type LedgerReceipt = { transactionId: string; blockNumber: number };

/**
 * What the virtual node needs of @gridpact/ledger's `Outbox`: one ledger act, carried out once for each `key`. A call
 * with a key that is known MUST return what became of the first one. After a rejection the act may be tried again.
 */
export interface LedgerOutbox {
  execute(key: string, transaction: string, argument: LedgerArgument, options?: EnqueueOptions): Promise<LedgerReceipt>;
}

/** The contract's own stable code when it refused the act, undefined when it was not a contract that did. */
export function contractRefusal(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("contractCode" in error)) return undefined;
  return typeof error.contractCode === "string" ? error.contractCode : undefined;
}
