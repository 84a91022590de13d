/**
 * The SC2 under one SC1, in chunks. What a transaction may touch is bounded, what an event may need is not: so the
 * SC2 are set up, settled and paid a chunk at a time, each chunk under a key of its own, and transactions about
 * different chunks never meet.
 *
 *      open --sc1:SettleDR(chunk)--> summed --sc1:DRCompletion(chunk)--> completed
 *
 * The SC1 is settled when every chunk is summed, and completed when every chunk is. "Every" needs no range read: chunk
 * numbers are bounded, so all keys that could exist are read, and one that comes into being meanwhile makes the reader
 * conflict.
 */
import type { DeliverySum } from "@gridpact/settlement";
import { demand } from "../contract-error.ts";
import {
  collection,
  ENERGY_WH,
  ID,
  list,
  NET_ENERGY_WH,
  nullable,
  object,
  oneOf,
  perInterval,
  type Shaped,
  type Transaction,
  UNIX_MS,
  wholeNumber,
} from "../transaction/index.ts";

/**
 * SC2 in one transaction. Settling one takes about half a millisecond and 2 kB of evidence, so a full chunk keeps a
 * peer busy for a tenth of a second and stays far below the orderers' message limit.
 */
export const SC2_PER_CHUNK_MAX = 200;

/** Chunks of one SC1: 25,600 SC2, several times the largest virtual node. Settling reads a key for each of them. */
export const CHUNKS_PER_SC1_MAX = 128;

/** Chosen by the virtual node; need not be without gaps. */
export const CHUNK_NO = wholeNumber({ min: 0, max: CHUNKS_PER_SC1_MAX - 1 });

const CHUNK_STATE = oneOf(["open", "summed", "completed"]);

const DELIVERY_SUM = object({
  startUnixMs: UNIX_MS,
  endUnixMs: UNIX_MS,
  originalWh: ENERGY_WH,
  replacementWh: ENERGY_WH,
  netWh: NET_ENERGY_WH,
});

/** What some SC2 delivered, for each interval of their SC1. */
export const DELIVERY_SUMS = perInterval(DELIVERY_SUM);

/** A chunk as the world state keeps it. */
export const CHUNK = object({
  sc1Id: ID,
  chunkNo: CHUNK_NO,
  state: CHUNK_STATE,
  sc2ContractIds: list(ID, { min: 1, max: SC2_PER_CHUNK_MAX }),
  /** What its SC2 delivered in each interval of the SC1; null until it is summed. */
  sums: nullable(DELIVERY_SUMS),
});

/** A chunk without its contracts. */
export const CHUNK_STATUS = object({ chunkNo: CHUNK_NO, state: CHUNK_STATE });

/** `sums` is there from `summed` on, and is never written again: a dispute keeps its own in `anew`. */
export type Chunk = Shaped<typeof CHUNK>;
/** What `sc1:GetContract` says of a chunk; its contracts are read by `sc1:GetChunk`. */
export type ChunkStatus = Shaped<typeof CHUNK_STATUS>;

const chunkAt = collection("chunk", CHUNK);

/** @throws ContractError SC1_CHUNK_UNKNOWN */
export async function getChunk({ state }: Transaction, sc1Id: string, chunkNo: number): Promise<Chunk> {
  const chunk = await state.get(chunkAt(sc1Id, `${chunkNo}`));
  demand(chunk !== undefined, "SC1_CHUNK_UNKNOWN", () => `${sc1Id} has no chunk ${chunkNo}`);
  return chunk;
}

/** All chunks of an SC1, in order of their numbers; numbers may be missing. */
export async function chunksOf({ state }: Transaction, sc1Id: string): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for (let chunkNo = 0; chunkNo < CHUNKS_PER_SC1_MAX; chunkNo += 1) {
    const chunk = await state.get(chunkAt(sc1Id, `${chunkNo}`));
    if (chunk !== undefined) chunks.push(chunk);
  }
  return chunks;
}

/** @throws ContractError SC1_CHUNK_EXISTS */
export async function openChunk(
  { state }: Transaction,
  { sc1Id, chunkNo }: { sc1Id: string; chunkNo: number },
  sc2ContractIds: readonly string[],
): Promise<void> {
  const key = chunkAt(sc1Id, `${chunkNo}`);
  demand((await state.get(key)) === undefined, "SC1_CHUNK_EXISTS", () => `chunk ${chunkNo} of ${sc1Id}`);
  state.put(key, { sc1Id, chunkNo, state: "open", sc2ContractIds, sums: null });
}

/** The chunk MUST be open; whoever calls has checked it, as the code of the refusal is its own. */
export function sumChunk({ state }: Transaction, chunk: Chunk, sums: readonly DeliverySum[]): void {
  state.put(chunkAt(chunk.sc1Id, `${chunk.chunkNo}`), { ...chunk, state: "summed", sums });
}

/** The chunk MUST be summed, and all its SC2 paid in the same transaction. */
export function completeChunk({ state }: Transaction, chunk: Chunk): void {
  state.put(chunkAt(chunk.sc1Id, `${chunk.chunkNo}`), { ...chunk, state: "completed" });
}
