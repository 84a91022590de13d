import {
  CHUNK,
  CHUNK_NO,
  type Chunk,
  COMMITTED_BASELINE,
  chunksOf,
  getChunk,
  getCommittedBaseline,
  getSc1,
  SC1_VIEW,
  type Sc1View,
} from "../agreement/index.ts";
import { DEVICE_ID, defineTransaction, ID, object, type Shaped, type Transaction } from "../transaction/index.ts";

/** Reads as many keys as there can be chunks; for the state of one chunk ask `sc1:GetChunk`. */
export const GET_SC1 = defineTransaction({
  name: "sc1:GetContract",
  argument: object({ contractId: ID }),
  result: SC1_VIEW,
});

/** Of one device: that of a prosumer is its own and its node's to see. */
export const GET_BASELINE = defineTransaction({
  name: "sc1:GetBaseline",
  argument: object({ contractId: ID, deviceId: DEVICE_ID }),
  result: COMMITTED_BASELINE,
});

/** With the ids of its SC2; those are read one by one. */
export const GET_CHUNK = defineTransaction({
  name: "sc1:GetChunk",
  argument: object({ contractId: ID, chunkNo: CHUNK_NO }),
  result: CHUNK,
});

/**
 * An SC1 with the ids of its SC2.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER
 */
export async function readSc1(transaction: Transaction, { contractId }: { contractId: string }): Promise<Sc1View> {
  const contract = await getSc1(transaction, contractId);
  transaction.authorise(contract.terms);
  const chunks = await chunksOf(transaction, contractId);
  return {
    contract,
    sc2ContractIds: chunks.flatMap(({ sc2ContractIds }) => sc2ContractIds),
    chunks: chunks.map(({ chunkNo, state }) => ({ chunkNo, state })),
  };
}

/**
 * One chunk of the SC2 under an SC1.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_CHUNK_UNKNOWN
 */
export async function readChunk(
  transaction: Transaction,
  { contractId, chunkNo }: Shaped<typeof GET_CHUNK.argument>,
): Promise<Chunk> {
  transaction.authorise((await getSc1(transaction, contractId)).terms);
  return getChunk(transaction, contractId, chunkNo);
}

/**
 * The baseline that was committed for one device before the event.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_BASELINE_UNKNOWN
 */
export async function readBaseline(
  transaction: Transaction,
  { contractId, deviceId }: Shaped<typeof GET_BASELINE.argument>,
): Promise<Shaped<typeof COMMITTED_BASELINE>> {
  const { vnId } = (await getSc1(transaction, contractId)).terms;
  transaction.authorise({ vnId, deviceId });
  return getCommittedBaseline(transaction, { sc1Id: contractId, deviceId });
}
