import type { CommittedTransaction } from "./channel.ts";

/** The wait was given up here; the transaction may still be committed. */
export class WaitGivenUpError extends Error {
  readonly code = "COMMIT_WAIT_GIVEN_UP";

  constructor() {
    super("the wait for the commit was given up; the transaction may still be committed");
    this.name = "WaitGivenUpError";
  }
}

/**
 * Waits for one commit each. A transaction that nobody ever submits is waited for without end, and who asked may be
 * long gone, so beyond this the oldest waits are given up: their clients, if there are any, ask again.
 */
export const COMMIT_WAITERS_MAX = 20_000;

type Waiter = { resolve: (committed: CommittedTransaction) => void; reject: (error: unknown) => void };

/** Everybody who waits to hear what became of a transaction. */
export class CommitWaiters {
  readonly #waiters = new Map<string, Waiter[]>();
  #count = 0;

  /** Resolves when the transaction is committed. @throws WaitGivenUpError */
  wait(transactionId: string): Promise<CommittedTransaction> {
    if (this.#count >= COMMIT_WAITERS_MAX) this.#giveUp(this.#waiters.keys().next().value ?? "");
    return new Promise((resolve, reject) => {
      this.#waiters.set(transactionId, [...(this.#waiters.get(transactionId) ?? []), { resolve, reject }]);
      this.#count += 1;
    });
  }

  committed(transactionId: string, committed: CommittedTransaction): void {
    for (const { resolve } of this.#take(transactionId)) resolve(committed);
  }

  giveUpAll(): void {
    for (const transactionId of [...this.#waiters.keys()]) this.#giveUp(transactionId);
  }

  #giveUp(transactionId: string): void {
    for (const { reject } of this.#take(transactionId)) reject(new WaitGivenUpError());
  }

  #take(transactionId: string): Waiter[] {
    const waiters = this.#waiters.get(transactionId) ?? [];
    this.#waiters.delete(transactionId);
    this.#count -= waiters.length;
    return waiters;
  }
}
