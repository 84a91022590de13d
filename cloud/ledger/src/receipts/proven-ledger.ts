/** What the blocks in a receipt prove: that its transactions stand on the ledger, and what they said and wrote. */

import { canonicalJson } from "@gridpact/settlement";
import { type ProvenBlock, type ProvenTransaction, verifyChain } from "../evidence/index.ts";
import type { BlockProver } from "./block-prover.ts";
import { ACCEPTANCE_NAMES, RECEIPT_TRANSACTION_NAMES, type Receipt, type ReceiptTransaction } from "./receipt.ts";
import { demand, type StepResult } from "./verification-report.ts";

/** By number. */
export type ProvenBlocks = ReadonlyMap<number, ProvenBlock>;

type AcceptanceName = (typeof ACCEPTANCE_NAMES)[number];

type SingleName = Exclude<ReceiptTransaction["name"], AcceptanceName | typeof AMENDMENT>;

/** The transactions that a receipt rests on, by name; of the two acceptances the one that was. */
export type ReceiptLedger = Readonly<Record<SingleName, ProvenTransaction>> &
  Readonly<Partial<Record<AcceptanceName, ProvenTransaction>>> & {
    /** In the order in which they were made. */
    readonly amendments: readonly ProvenTransaction[];
  };

const AMENDMENT = "sc2:Amend";

/**
 * Verifies every block by itself: signatures of orderers and peers, data hash, and in each valid transaction those of
 * creator and endorsers.
 * @throws ReceiptFaultError
 */
export function proveBlocks({ blocks }: Receipt, prover: BlockProver): StepResult<ProvenBlocks> {
  const proven = new Map<number, ProvenBlock>();
  for (const [index, { number, blockHex }] of blocks.entries()) {
    const block = proveBlock(prover, blockHex, `blocks[${index}]`);
    demand(block.number === number, () => `blocks[${index}] is block ${block.number}, not ${number}`);
    demand(number > (blocks[index - 1]?.number ?? -1), () => `blocks[${index}] is not in order of numbers`);
    const before = proven.get(number - 1);
    if (before !== undefined) verifyChain([before, block]);
    proven.set(number, block);
  }
  return { value: proven, detail: `${proven.size} blocks, each signed by orderers and peers of the consortium` };
}

function proveBlock(prover: BlockProver, blockHex: string, where: string): ProvenBlock {
  try {
    return prover.prove(Buffer.from(blockHex, "hex"));
  } catch (cause) {
    // Decoders and certificate readers below may refuse forged bytes in many ways; each means the same here.
    if (!(cause instanceof Error)) throw cause;
    throw new Error(`${where}: ${cause.message}`, { cause });
  }
}

/**
 * Finds each listed transaction in its block, and makes sure that nothing is listed that nothing needs: what nobody
 * looks at could be changed unnoticed.
 * @throws ReceiptFaultError
 */
export function findTransactions(receipt: Receipt, blocks: ProvenBlocks): StepResult<ReceiptLedger> {
  const { transactions, anchors } = receipt;
  const listed = canonicalJson(transactions.map(({ name }) => name));
  const count = transactions.filter(({ name }) => name === AMENDMENT).length;
  const isListed = ACCEPTANCE_NAMES.some((other) => listed === canonicalJson(namesWithout(other, count)));
  const words = `${RECEIPT_TRANSACTION_NAMES.join(", ")}, with one of the acceptances and amendments as they were`;
  demand(isListed, () => `transactions must be ${words}; listed are ${listed}`);
  const found = transactions.map((each, index) => {
    const isAfter = each.blockNumber >= (transactions[index - 1]?.blockNumber ?? 0);
    demand(isAfter, () => `transactions[${index}]: ${each.name} stands before what it builds on`);
    return [each.name, findTransaction(each, blocks, `transactions[${index}]`)] as const;
  });
  const needed = new Set([...transactions, ...anchors].map(({ blockNumber }) => blockNumber));
  const idle = [...blocks.keys()].find((number) => !needed.has(number));
  demand(idle === undefined, () => `block ${idle} serves nothing`);
  const amendments = found.flatMap(([name, transaction]) => (name === AMENDMENT ? [transaction] : []));
  const value = { ...Object.fromEntries(found), amendments } as unknown as ReceiptLedger;
  return { value, detail: `${found.length} transactions, each valid in its block` };
}

function namesWithout(acceptance: AcceptanceName, amendments: number): string[] {
  const names = RECEIPT_TRANSACTION_NAMES.filter((name) => name !== acceptance);
  return names.flatMap((name) => (name === AMENDMENT ? Array<string>(amendments).fill(name) : name));
}

function findTransaction(listed: ReceiptTransaction, blocks: ProvenBlocks, where: string): ProvenTransaction {
  const { name, transactionId, blockNumber } = listed;
  const transaction = blocks.get(blockNumber)?.transactions.get(transactionId);
  demand(transaction !== undefined, () => `${where}: ${name} is not valid in block ${blockNumber}`);
  demand(transaction.name === name, () => `${where}: ${transactionId} is ${transaction.name}, not ${name}`);
  return transaction;
}

/** The root that a virtual node committed to for one batch. */
export type ProvenAnchor = { rootHex: string; size: number };

/**
 * Finds the anchor of every batch that evidence names, and makes sure that no other is listed.
 * @throws ReceiptFaultError
 */
export function findAnchors(
  { anchors, vnId }: Receipt,
  blocks: ProvenBlocks,
  neededBatchNos: ReadonlySet<number>,
): StepResult<ReadonlyMap<number, ProvenAnchor>> {
  const found = new Map<number, ProvenAnchor>();
  for (const [index, { batchNo, blockNumber }] of anchors.entries()) {
    const where = `anchors[${index}]`;
    demand(batchNo > (anchors[index - 1]?.batchNo ?? -1), () => `${where} is not in order of batches`);
    demand(neededBatchNos.has(batchNo), () => `${where}: batch ${batchNo} serves nothing`);
    found.set(batchNo, findAnchor({ vnId, batchNo }, { block: blocks.get(blockNumber), where }));
  }
  const missing = [...neededBatchNos].find((batchNo) => !found.has(batchNo));
  demand(missing === undefined, () => `no anchor of batch ${missing}, which evidence names`);
  return { value: found, detail: `${found.size} Merkle roots of ${vnId}` };
}

type Commitment = { vnId: string; batchNo: number; size: number; rootHex: string };

function findAnchor(
  wanted: { vnId: string; batchNo: number },
  { block, where }: { block: ProvenBlock | undefined; where: string },
): ProvenAnchor {
  const commitments = [...(block?.transactions.values() ?? [])]
    .filter(({ name }) => name === "anchors:CommitAnchor")
    .map((transaction) => argumentOf<Commitment>(transaction));
  const anchor = commitments.find(({ vnId, batchNo }) => vnId === wanted.vnId && batchNo === wanted.batchNo);
  demand(anchor !== undefined, () => `${where}: its block holds no root of batch ${wanted.batchNo} of ${wanted.vnId}`);
  return { rootHex: anchor.rootHex, size: anchor.size };
}

/**
 * The argument of a proven transaction. Its shape was checked by the contract, on peers of several organisations: they
 * would not have endorsed another.
 */
export function argumentOf<T>({ argument }: Pick<ProvenTransaction, "argument">): T {
  return JSON.parse(argument) as T;
}
