import type { Transfer } from "@gridpact/contracts";
import { type SignatureVerifier, verifyZip215 } from "@gridpact/proto";
import { type ProvenBlock, type ProvenTransaction, verifyChain } from "../evidence/index.ts";
import { type AuditCounts, type AuditMoney, type AuditReport, FindingLog } from "./audit-report.ts";
import { auditTransaction, type Difference } from "./audit-transaction.ts";
import type { AuditedBlock } from "./replayed-ahead.ts";
import { ReplayedState } from "./replayed-state.ts";

/**
 * Tells what a block proves by itself: `BlockVerifier` of the embedded ledger, `OrderedChainVerifier` of Fabric, or
 * either of them in a `ProofThread`, which also takes over some of the replaying. Given the blocks in their order.
 */
export type BlockProof = {
  /** @throws BlockNotProvenError */
  verify(bytes: Uint8Array): AuditedBlock | Promise<AuditedBlock>;
  /** Learns that the audit is through with one more block, in their order. */
  onAudited?(): void;
};

export type AuditModules = {
  verifier: BlockProof;
  /** Of devices' signatures in consents and evidence; by default `verifyZip215`. */
  verifySignature?: SignatureVerifier;
  /** Gets each block that holds, for whatever else it is to be compared with. */
  onProven?: (block: ProvenBlock) => void;
};

/**
 * Blocks that are being proven while an earlier one is replayed: enough that a thread for each never waits for the
 * other. A block has at most some MiB.
 */
export const BLOCKS_AHEAD_MAX = 4;

/**
 * Audits a ledger from its blocks alone, first to last: their chain and signatures, and of every transaction that what
 * it wrote is what follows from its argument and everything before. Memory does not grow with the number of blocks.
 * ```
 * blocks -> proof of each, some ahead --in order--> replay on the state that all before it made
 * ```
 */
export async function auditBlocks(
  blocks: AsyncIterable<Uint8Array>,
  { verifier, verifySignature, onProven = () => undefined }: AuditModules,
): Promise<AuditReport> {
  const audit = new LedgerAudit(verifySignature);
  for await (const proof of provenAhead(blocks, verifier)) {
    try {
      if ("error" in proof) throw proof.error;
      await audit.add(proof.block);
      verifier.onAudited?.();
      onProven(proof.block);
    } catch (error) {
      // What decoders say of damaged bytes differs; for the audit it is one finding, and nothing after it can be
      // believed.
      if (!(error instanceof Error)) throw error;
      audit.stop(error.message);
      break;
    }
  }
  return audit.report();
}

type Proof = { block: AuditedBlock } | { error: unknown };

/** Proofs in the order of the blocks, whichever is ready first. */
async function* provenAhead(blocks: AsyncIterable<Uint8Array>, verifier: BlockProof): AsyncGenerator<Proof> {
  const ahead: Promise<Proof>[] = [];
  for await (const bytes of blocks) {
    ahead.push(proofOf(verifier, bytes));
    if (ahead.length > BLOCKS_AHEAD_MAX) yield ahead.shift() as Promise<Proof>;
  }
  for (const proof of ahead) yield proof;
}

/** An error is a value here: nobody looks at it before all blocks in front of it are audited. */
async function proofOf(verifier: BlockProof, bytes: Uint8Array): Promise<Proof> {
  try {
    return { block: await verifier.verify(bytes) };
  } catch (error) {
    return { error };
  }
}

const TOTALS = { blockNumber: null, transactionId: null, name: "totals" } as const;

/** What holds money beside accounts. */
const HOLDING_COLLECTIONS = ["sc1", "sc2", "hedge"] as const;

/** Transactions that settle SC2; the first also settles an SC1, once its chunks are. */
const SETTLING: ReadonlySet<string> = new Set(["sc1:SettleDR", "sc2:SettleDR", "sc2:SettleDRBatch"]);

/** How ids of accounts begin; everything else that money comes from or goes to is escrow or issuer. */
const ACCOUNT_PREFIXES = ["aggregator", "vn:", "feid:"] as const;

/** The audit of a ledger, a proven block at a time. */
export class LedgerAudit {
  readonly #log = new FindingLog();
  readonly #state = new ReplayedState();
  readonly #counts: AuditCounts = {
    blocks: 0,
    transactions: 0,
    anchors: 0,
    sc1Settled: 0,
    sc1Completed: 0,
    sc2Settled: 0,
    accounts: 0,
  };
  readonly #movedMicro: Record<Transfer["kind"], bigint> = {
    mint: 0n,
    burn: 0n,
    lock: 0n,
    pay: 0n,
    penalty: 0n,
    return: 0n,
    transfer: 0n,
    claim: 0n,
    premium: 0n,
  };
  /** What each account has by its statement entries alone. */
  readonly #byEntries = new Map<string, bigint>();
  readonly #verifySignature: SignatureVerifier;
  #before: ProvenBlock | undefined;

  /** @param verifySignature - Of devices' signatures, with the verdicts of ZIP-215 */
  constructor(verifySignature: SignatureVerifier = verifyZip215) {
    this.#verifySignature = verifySignature;
  }

  /** @throws BlockNotProvenError when the block does not follow the one before */
  async add(block: AuditedBlock): Promise<void> {
    if (this.#before !== undefined) verifyChain([this.#before, block]);
    else if (block.number !== 0) this.stop(`the first block is block ${block.number}`);
    const { number, hashHex, previousHashHex, transactions, replayed } = block;
    this.#before = { number, hashHex, previousHashHex, transactions: new Map() };
    this.#counts.blocks += 1;
    for (const transaction of transactions.values()) {
      const differences = replayed?.get(transaction.transactionId) ?? (await this.#replay(transaction));
      this.#note(transaction, number, differences);
      this.#state.adopt(transaction);
      this.#count(transaction);
    }
  }

  /** Notes that what comes next is no block of this chain. */
  stop(reason: string): void {
    const blockNumber = this.#counts.blocks;
    this.#log.add({
      blockNumber,
      transactionId: null,
      name: "block",
      about: "block",
      expected: "to hold",
      found: reason,
    });
  }

  report(): AuditReport {
    const money = this.#money();
    this.#checkTotals(money);
    const { findings } = this.#log;
    const findingsTotal = this.#log.total();
    const headHashHex = this.#before?.hashHex ?? "";
    return { ok: findingsTotal === 0, headHashHex, counts: this.#counts, money, findings, findingsTotal };
  }

  #note({ transactionId, name, writes }: ProvenTransaction, blockNumber: number, differences: readonly Difference[]) {
    for (const { about, expected, found } of differences) {
      this.#log.add({ blockNumber, transactionId, name, about, expected, found });
    }
    for (const [key, text] of writes) {
      if (key.startsWith("entry/")) this.#addEntry(key, text);
    }
  }

  #replay(transaction: ProvenTransaction): Promise<Difference[]> {
    return auditTransaction(transaction, { state: this.#state, verifySignature: this.#verifySignature });
  }

  #addEntry(key: string, text: string | undefined): void {
    const [, accountId = ""] = key.split("/");
    const { transfers } = JSON.parse(text ?? '{"transfers":[]}') as { transfers: Transfer[] };
    const moves = transfers.map((each) => ({ ...each, amountMicro: BigInt(each.amountMicro) }));
    for (const { kind, toId, fromId, amountMicro } of moves) {
      // A movement between two accounts stands in the entries of both.
      const isSecond = toId !== accountId && ACCOUNT_PREFIXES.some((prefix) => toId.startsWith(prefix));
      if (fromId !== accountId || !isSecond) this.#movedMicro[kind] += amountMicro;
    }
    const before = this.#byEntries.get(accountId) ?? 0n;
    this.#byEntries.set(accountId, before + gainOf(accountId, moves));
  }

  /** By documents that a transaction wrote, since an argument may have a megabyte of evidence in it. */
  #count({ name, writes }: ProvenTransaction): void {
    const counts = this.#counts;
    counts.transactions += 1;
    const written = (collection: string) => [...writes.keys()].filter((key) => key.startsWith(`${collection}/`)).length;
    if (name === "anchors:CommitAnchor") counts.anchors += 1;
    if (SETTLING.has(name)) counts.sc2Settled += written("sc2");
    if (name === "sc1:SettleDR") counts.sc1Settled += written("sc1");
    if (name === "sc1:DRCompletion") counts.sc1Completed += written("sc1");
  }

  #money(): AuditMoney {
    const totals = this.#state.accountTotals();
    this.#counts.accounts = totals.size;
    return {
      mintedMicro: BigInt(this.#state.json<{ mintedMicro: string }>("supply")?.mintedMicro ?? "0"),
      onAccountsMicro: [...totals.values()].reduce((sum, each) => sum + each, 0n),
      heldMicro: HOLDING_COLLECTIONS.reduce((sum, each) => sum + this.#state.sumMicro(each, "heldMicro"), 0n),
      burnedMicro: BigInt(this.#state.json<{ burnedMicro: string }>("supply")?.burnedMicro ?? "0"),
      lockedMicro: this.#movedMicro.lock,
      paidMicro: this.#movedMicro.pay,
      penaltyMicro: this.#movedMicro.penalty,
      returnedMicro: this.#movedMicro.return,
    };
  }

  /** No micro was made or lost: by account, in all, and in the contracts. */
  #checkTotals(money: AuditMoney): void {
    const { mintedMicro, burnedMicro, onAccountsMicro, heldMicro, lockedMicro, paidMicro } = money;
    const { penaltyMicro, returnedMicro } = money;
    const totals = this.#state.accountTotals();
    for (const accountId of new Set([...totals.keys(), ...this.#byEntries.keys()])) {
      this.#compare(`balance of ${accountId}`, this.#byEntries.get(accountId) ?? 0n, totals.get(accountId) ?? 0n);
    }
    this.#compare("supply by mints", this.#movedMicro.mint, mintedMicro);
    this.#compare("supply by burns", this.#movedMicro.burn, burnedMicro);
    this.#compare("money on accounts and in contracts", mintedMicro - burnedMicro, onAccountsMicro + heldMicro);
    this.#compare("money out of contracts", lockedMicro - heldMicro, paidMicro + penaltyMicro + returnedMicro);
  }

  #compare(about: string, expected: bigint, found: bigint): void {
    if (expected !== found) this.#log.add({ ...TOTALS, about, expected: `${expected}`, found: `${found}` });
  }
}

/** What an account gains by transfers. */
function gainOf(accountId: string, transfers: readonly Transfer[]): bigint {
  return transfers.reduce((sum, { fromId, toId, amountMicro }) => {
    return sum + (toId === accountId ? amountMicro : 0n) - (fromId === accountId ? amountMicro : 0n);
  }, 0n);
}
