import {
  type Committed,
  EndorseError,
  EvaluateError,
  type FetchedBlock,
  type LedgerArgument,
  type LedgerEvent,
  type OfflineCreator,
  OfflineSigningError,
  type PreparedTransaction,
  type SigningStage,
  SubmitError,
} from "@gridpact/ledger";
import { verifyZip215 } from "@gridpact/proto";
import { canonicalJson, type JsonValue, reviveUnits } from "@gridpact/settlement";
import type { AgentLedger, AgentOutbox } from "../agent-host.ts";
import { FakeContracts, FakeRefusal } from "./fake-contracts.ts";

/** A ledger in memory with a block for each transaction, and the outbox over it. Both outlive the agent's crashes. */
export class FakeChain {
  readonly contracts: FakeContracts;
  /** Transactions that took effect, in order. */
  readonly effects: string[] = [];
  /** While true every call fails as if nobody answered. */
  isDown = false;
  /** Refusals to be given, by transaction; each is given once. */
  readonly refusals: Record<string, string[]> = {};
  readonly #events: LedgerEvent[] = [];
  readonly #outcomes = new Map<string, Committed>();
  readonly #prepared = new Map<string, LedgerArgument>();
  #nextId = 0;

  constructor(nowUnixMs: () => number) {
    this.contracts = new FakeContracts(nowUnixMs);
    // Block 0 is the channel's configuration.
    this.#record("config", { name: "config", payload: {} });
  }

  readonly outbox: AgentOutbox = {
    execute: async (key: string, transaction: string, argument: LedgerArgument) =>
      this.#outcomes.get(key) ?? this.#commit(key, transaction, argument),
    executePrepared: async (key: string, prepared: PreparedTransaction) =>
      this.#outcomes.get(key) ??
      this.#commit(key, prepared.transaction, this.#prepared.get(prepared.transactionId) ?? null),
  };

  readonly ledger: AgentLedger = {
    evaluate: (transaction, argument) => this.#evaluate(transaction, argument as Record<string, string>),
    prepareOffline: (creator, transaction, argument) => this.#prepareOffline(creator, transaction, argument),
    chainInfo: async () => {
      const hash = Buffer.alloc(32, this.#events.length);
      return { height: this.#events.length, currentBlockHash: hash, previousBlockHash: hash };
    },
    block: async (blockNumber) => blockOf(blockNumber),
    blockByTransaction: async () => blockOf(0),
    events: (fromBlock) => this.#eventsFrom(fromBlock),
  };

  /** A transaction of somebody else, such as the aggregator. */
  act(transaction: string, argument: LedgerArgument): void {
    this.#commit(`act-${this.#nextId}`, transaction, argument);
  }

  async *#eventsFrom(fromBlock: number): AsyncGenerator<LedgerEvent> {
    yield* this.#events.slice(fromBlock);
    throw new Error("a real stream would wait here for ever");
  }

  #commit(key: string, transaction: string, argument: LedgerArgument): Committed {
    if (this.isDown) throw new SubmitError(key, new Error("nobody answers"));
    const refusal = this.refusals[transaction]?.shift();
    const transactionId = `tx-${this.#nextId++}`;
    try {
      if (refusal !== undefined) throw new FakeRefusal(`${refusal}: as the test wants it`);
      const typed = reviveUnits(JSON.parse(canonicalJson(argument)) as JsonValue);
      const told = this.contracts.apply(transaction, reviveBaselines(typed));
      this.effects.push(transaction);
      const blockNumber = this.#record(transactionId, told);
      const committed = { transactionId, blockNumber, result: null };
      this.#outcomes.set(key, committed);
      return committed;
    } catch (error) {
      if (!(error instanceof FakeRefusal)) throw error;
      throw new EndorseError(transactionId, new Error(`chaincode response 500, ${error.message}`));
    }
  }

  #record(transactionId: string, { name, payload }: { name: string; payload: unknown }): number {
    const blockNumber = this.#events.length;
    this.#events.push({ blockNumber, transactionId, name, payload });
    return blockNumber;
  }

  async #evaluate(transaction: string, argument: Record<string, string>): Promise<unknown> {
    if (this.isDown) throw new EvaluateError("", new Error("nobody answers"));
    const { contractId = "", deviceId = "" } = argument;
    switch (transaction) {
      case "accounts:GetAccount":
        return { pendingCredits: this.contracts.pendingCredits };
      case "registry:GetDevice":
        return { revision: 0 };
      case "registry:GetDeviceRevision":
        return { state: "active", transactionId: `enrol-${deviceId}`, publicKeyHex: "ab" };
      case "time:GetInstant":
        return { hasPassed: this.contracts.hasPassed(Number(argument["instantUnixMs"])) };
      case "programmes:GetAgreement": {
        const members = this.contracts.programmes.get(argument["programmeId"] ?? "");
        const agreed = members?.find((vnId) => vnId === argument["vnId"]);
        return { vnId: known(agreed, "PROGRAMME_NOT_ENROLLED") };
      }
      case "sc1:GetContract":
        return asJson({ contract: known(this.contracts.sc1.get(contractId), "SC1_UNKNOWN") });
      default:
        return asJson(known(this.contracts.sc2.get(contractId), "SC2_UNKNOWN"));
    }
  }

  async #prepareOffline(creator: OfflineCreator, transaction: string, argument: LedgerArgument) {
    if (this.isDown) throw new EndorseError("", new Error("nobody answers"));
    const transactionId = `offline-${this.#nextId++}`;
    for (const stage of ["proposal", "transaction", "commitStatus"] as const) {
      await askForSignature(creator, stage, transactionId);
    }
    this.#prepared.set(transactionId, argument);
    return { transactionId, transaction, bytes: Buffer.from(transactionId), result: null };
  }
}

async function askForSignature(creator: OfflineCreator, stage: SigningStage, transactionId: string): Promise<void> {
  const message = Buffer.from(`${stage} of ${transactionId}`);
  const signature = await creator.sign(stage, message).catch((cause: unknown) => {
    throw new OfflineSigningError(transactionId, stage, cause);
  });
  if (verifyZip215(Buffer.from(creator.certificatePem, "hex"), message, signature)) return;
  throw new OfflineSigningError(transactionId, stage, new Error("the signature does not verify"));
}

/** Keys of baselines are device ids, so the units' names do not reach their values. */
function reviveBaselines(argument: unknown): never {
  const { baselines, ...rest } = argument as { baselines?: Record<string, string[]> };
  if (baselines === undefined) return rest as never;
  const revived = Object.entries(baselines).map(([id, values]) => [id, values.map(BigInt)]);
  return { ...rest, baselines: Object.fromEntries(revived) } as never;
}

function known<T>(value: T | undefined, code: string): T {
  if (value === undefined) throw new EvaluateError("", new Error(`chaincode response 500, ${code}: none`));
  return value;
}

function blockOf(number: number): FetchedBlock {
  const header = { number, previousHash: new Uint8Array(), dataHash: new Uint8Array() };
  return { header, bytes: Buffer.from([number]) } as unknown as FetchedBlock;
}

function asJson(value: unknown): unknown {
  return JSON.parse(canonicalJson(value));
}
