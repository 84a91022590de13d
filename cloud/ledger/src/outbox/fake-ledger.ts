import {
  CommitError,
  type CommitStatus,
  CommitStatusError,
  type Committed,
  EndorseError,
  EvaluateError,
  encodeArgument,
  type Ledger,
  type LedgerArgument,
  type PreparedTransaction,
  SubmitError,
} from "../client/index.ts";

/** What a fake ledger does wrong at one call. */
export type Fault = "before" | "after" | "silence";

type Phase = "prepare" | "submit" | "commitStatus" | "findTransaction";

/**
 * A ledger in memory for tests of what stands on top of it: each transaction appends its argument to the list `effects`
 * and conflicts with every other that was endorsed on the same state of its contract.
 */
export class FakeLedger implements Ledger {
  /** Arguments of the valid transactions, in order. */
  readonly effects: string[] = [];
  readonly calls: string[] = [];
  /** Next faults for each phase; an empty place is a call that goes well. */
  readonly faults: Partial<Record<Phase, (Fault | undefined)[]>> = {};
  /** Whether it is down; every call fails. */
  isDown = false;
  readonly #versions = new Map<string, number>();
  readonly #prepared = new Map<string, { contract: string; version: number; argument: string }>();
  readonly #statuses = new Map<string, CommitStatus>();
  #blockNumber = 0;
  #nextId = 0;

  async evaluate(): Promise<unknown> {
    throw new EvaluateError("", "the fake ledger has no queries");
  }

  prepare(transaction: string, argument: LedgerArgument): Promise<PreparedTransaction> {
    const transactionId = `tx-${this.#nextId++}`;
    return this.#call(
      "prepare",
      (cause) => new EndorseError(transactionId, cause),
      () => {
        const text = encodeArgument(argument);
        if (text.includes("refuse")) {
          throw new EndorseError(transactionId, "chaincode response 500, SC1_EXISTS: refused by the fake");
        }
        const contract = transaction.split(":")[0] ?? "";
        this.#prepared.set(transactionId, { contract, version: this.#version(contract), argument: text });
        return { transactionId, transaction, bytes: Buffer.from(transactionId), result: { echo: text } };
      },
    );
  }

  submit({ transactionId, bytes }: Pick<PreparedTransaction, "transactionId" | "bytes">): Promise<void> {
    return this.#call(
      "submit",
      (cause) => new SubmitError(transactionId, cause),
      () => {
        this.#commit(Buffer.from(bytes).toString());
      },
    );
  }

  commitStatus(transactionId: string): Promise<CommitStatus> {
    return this.#call(
      "commitStatus",
      (cause) => new CommitStatusError(transactionId, cause),
      () => {
        const status = this.#statuses.get(transactionId);
        if (status === undefined) throw new CommitStatusError(transactionId, "never submitted");
        return status;
      },
    );
  }

  findTransaction(transactionId: string): Promise<CommitStatus | undefined> {
    return this.#call(
      "findTransaction",
      (cause) => new EvaluateError(transactionId, cause),
      () => this.#statuses.get(transactionId),
    );
  }

  async execute(transaction: string, argument: LedgerArgument): Promise<Committed> {
    const { transactionId, bytes, result } = await this.prepare(transaction, argument);
    await this.submit({ transactionId, bytes });
    const status = await this.commitStatus(transactionId);
    if (!status.isValid) throw new CommitError(transactionId, status);
    return { transactionId, blockNumber: status.blockNumber, result };
  }

  /** Somebody else changes what a contract's next transactions depend on. */
  disturb(contract: string): void {
    this.#versions.set(contract, this.#version(contract) + 1);
  }

  prepareOffline(): Promise<never> {
    return this.#unsupported();
  }

  block(): Promise<never> {
    return this.#unsupported();
  }

  blockByTransaction(): Promise<never> {
    return this.#unsupported();
  }

  chainInfo(): Promise<never> {
    return this.#unsupported();
  }

  events(): never {
    throw new EvaluateError("", "the fake ledger has no events");
  }

  async #unsupported(): Promise<never> {
    throw new EvaluateError("", "the fake ledger has no chain");
  }

  async #call<T>(phase: Phase, failure: (cause: string) => Error, act: () => T): Promise<T> {
    this.calls.push(phase);
    const fault = this.faults[phase]?.shift();
    if (this.isDown || fault === "before") throw failure("unavailable");
    const value = act();
    if (fault === "after") throw failure("the answer was lost");
    if (fault === "silence") await new Promise<never>(() => undefined);
    return value;
  }

  #version(contract: string): number {
    return this.#versions.get(contract) ?? 0;
  }

  /** The same bytes again change nothing, as on a real ledger. */
  #commit(transactionId: string): void {
    const prepared = this.#prepared.get(transactionId);
    if (prepared === undefined || this.#statuses.has(transactionId)) return;
    const isValid = prepared.version === this.#version(prepared.contract);
    const [code, name] = isValid ? [0, "VALID"] : [11, "MVCC_READ_CONFLICT"];
    this.#statuses.set(transactionId, { isValid, code, name, blockNumber: ++this.#blockNumber });
    if (!isValid) return;
    this.disturb(prepared.contract);
    this.effects.push(prepared.argument);
  }
}
