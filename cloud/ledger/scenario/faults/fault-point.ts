/** What breaks: the worker that holds the outbox, its machine, the ledger, the way between them, or the contracts. */
export const BREAKING = ["worker", "power", "ledger", "network", "chaincode"] as const;

/** One of `BREAKING`. */
export type Breaking = (typeof BREAKING)[number];

/** One fault: what breaks, at which of its calls to the outside, and whether that call is still carried out. */
export type Fault = { breaks: Breaking; at: number; isActDone: boolean };

/** A call that was cut: nobody learns whether it was carried out. */
export class CutError extends Error {
  override readonly name = "CutError";
}

/**
 * Counts calls of one kind and breaks one of them. A part that is dead never answers; a call that is cut fails, and the
 * next one goes through again.
 */
export class FaultPoint {
  readonly #fault: Fault | undefined;
  readonly #onFault: () => void;
  #calls = 0;
  #isArmed = false;

  /** Without a fault it only counts. */
  constructor(fault: Fault | undefined, onFault: () => void) {
    this.#fault = fault;
    this.#onFault = onFault;
  }

  /** From here on calls count: what comes before is not what is tested. */
  arm(): void {
    this.#isArmed = true;
    this.#calls = 0;
  }

  /** Whatever comes now goes through: the round is over. */
  disarm(): void {
    this.#isArmed = false;
  }

  get calls(): number {
    return this.#calls;
  }

  /** Whether the fault has come. */
  get hasHappened(): boolean {
    return this.#fault !== undefined && this.#calls >= this.#fault.at;
  }

  /** Carries a call through, or breaks it: it then rejects with CutError, having been carried out or not. */
  async pass<T>(act: () => Promise<T>): Promise<T> {
    if (!this.#isArmed) return act();
    this.#calls += 1;
    if (this.#fault === undefined || this.#calls !== this.#fault.at) return act();
    try {
      if (this.#fault.isActDone) await act();
    } finally {
      this.#onFault();
    }
    throw new CutError();
  }
}
