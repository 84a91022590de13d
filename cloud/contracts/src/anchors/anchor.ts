import { ZERO_HASH } from "@gridpact/proto";
import { demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  COUNT,
  collection,
  defineTransaction,
  HASH_HEX,
  nullable,
  object,
  type Shaped,
  type Transaction,
  VN_ID,
  wholeNumber,
} from "../transaction/index.ts";

/** A batch holds minutes of a virtual node's envelopes; 2^30 of them are a century of a thousand devices. */
const BATCH_SIZE_MAX = 2 ** 30;

/** Leaves of one batch; evidence repeats it, and it is compared with the anchor's. */
export const BATCH_SIZE = wholeNumber({ min: 1, max: BATCH_SIZE_MAX });

const COMMITMENT = object({
  vnId: VN_ID,
  /** From 0 without gaps. */
  batchNo: COUNT,
  /** Leaves in the batch. */
  size: BATCH_SIZE,
  /** RFC 6962 root of the batch. */
  rootHex: HASH_HEX,
  /** Root of `batchNo - 1`; zeros for batch 0. */
  prevRootHex: HASH_HEX,
});

/** A commitment to one Merkle batch of accepted envelopes. */
export const ANCHOR = object({
  vnId: VN_ID,
  batchNo: COUNT,
  size: BATCH_SIZE,
  rootHex: HASH_HEX,
  prevRootHex: HASH_HEX,
  /** Leaves of this and all earlier batches of the virtual node. */
  leavesTotal: COUNT,
});

/** Never changed once written; checked by whoever verifies evidence or a receipt. */
export type Anchor = Shaped<typeof ANCHOR>;

/** By the node's anchoring (`broker/src/anchor`), one batch after the other. */
export const COMMIT_ANCHOR = defineTransaction({
  name: "anchors:CommitAnchor",
  argument: COMMITMENT,
  result: ANCHOR,
});

/** By batch, for auditors; contracts read anchors from the state. */
export const GET_ANCHOR = defineTransaction({
  name: "anchors:GetAnchor",
  argument: object({ vnId: VN_ID, batchNo: COUNT }),
  result: ANCHOR,
});

/** For a node that has lost its own count. */
export const GET_HEAD = defineTransaction({
  name: "anchors:GetHead",
  argument: object({ vnId: VN_ID }),
  /** Null before the first batch. */
  result: nullable(ANCHOR),
});

const anchorAt = collection("anchor", ANCHOR);
/** The newest anchor again, so that the next one is checked without a range read. */
const headAt = collection("anchor-head", ANCHOR);

/**
 * Accepts a batch only as the successor of the newest one: a virtual node can neither fork nor rewrite its log.
 *
 * @throws ContractError ACCESS_NOT_OWNER, ANCHOR_OUT_OF_SEQUENCE, ANCHOR_PREV_ROOT_MISMATCH
 */
export async function commitAnchor(transaction: Transaction, commitment: Shaped<typeof COMMITMENT>): Promise<Anchor> {
  const { vnId, batchNo } = commitment;
  transaction.authorise({ vnId });
  const head = await transaction.state.get(headAt(vnId));
  const nextBatchNo = head === undefined ? 0 : head.batchNo + 1;
  demand(batchNo === nextBatchNo, "ANCHOR_OUT_OF_SEQUENCE", () => `batch ${nextBatchNo} is next, not ${batchNo}`);
  const prevRootHex = head?.rootHex ?? ZERO_ROOT_HEX;
  demand(commitment.prevRootHex === prevRootHex, "ANCHOR_PREV_ROOT_MISMATCH", () => `it is ${prevRootHex}`);
  const anchor: Anchor = { ...commitment, leavesTotal: (head?.leavesTotal ?? 0) + commitment.size };
  transaction.state.put(anchorAt(vnId, `${batchNo}`), anchor);
  transaction.state.put(headAt(vnId), anchor);
  transaction.emit(CHAINCODE_EVENT.ANCHOR_COMMITTED, { vnId, batchNo });
  return anchor;
}

/** @throws ContractError ANCHOR_UNKNOWN */
export async function getAnchor(
  transaction: Transaction,
  { vnId, batchNo }: { vnId: string; batchNo: number },
): Promise<Anchor> {
  const anchor = await findAnchor(transaction, { vnId, batchNo });
  demand(anchor !== undefined, "ANCHOR_UNKNOWN", () => `batch ${batchNo} of ${vnId}`);
  return anchor;
}

/** @returns undefined for a batch that is not anchored; evidence of it is then refused as EVIDENCE_NOT_ANCHORED */
export function findAnchor(
  { state }: Transaction,
  { vnId, batchNo }: { vnId: string; batchNo: number },
): Promise<Anchor | undefined> {
  return state.get(anchorAt(vnId, `${batchNo}`));
}

/** @returns null before the first batch, so that a new node need not tell that from a fault */
export async function getHead({ state }: Transaction, { vnId }: { vnId: string }): Promise<Anchor | null> {
  return (await state.get(headAt(vnId))) ?? null;
}

const ZERO_ROOT_HEX = Buffer.from(ZERO_HASH).toString("hex");
