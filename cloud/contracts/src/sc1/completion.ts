import assert from "node:assert/strict";
import { paidAtOnce, totalOf } from "@gridpact/settlement";
import { AGGREGATOR_ACCOUNT, deviceAccount, postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import {
  CHUNK_NO,
  chunksOf,
  completeChunk,
  demandSc1State,
  getChunk,
  getSc1,
  getSc2,
  payOut,
  SC1_RESULT,
  type Sc1,
  type Sc1Result,
  type Sc2,
  sc1At,
  sc2At,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  ID,
  nullable,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";

/** By the aggregator (`complete-contracts.ts`). */
export const COMPLETE_SC1 = defineTransaction({
  name: "sc1:DRCompletion",
  argument: object({
    contractId: ID,
    /** The chunk to pay; null pays the SC1 itself, when all chunks are paid. */
    chunkNo: nullable(CHUNK_NO),
  }),
  result: SC1_RESULT,
});

/**
 * Pays, chunk by chunk, then the SC1 itself. The virtual node is paid last, so it cannot be paid and a prosumer
 * forgotten. Whatever is completed is refused a second time, so no order of retries pays twice.
 *
 * @throws ContractError SC1_UNKNOWN, SC1_WRONG_STATE, SC1_CHUNK_UNKNOWN, SC1_CHUNK_WRONG_STATE
 */
export async function completeSc1(
  transaction: Transaction,
  { contractId, chunkNo }: Shaped<typeof COMPLETE_SC1.argument>,
): Promise<Sc1Result> {
  const contract = await getSc1(transaction, contractId);
  demandSc1State(contract, "settled");
  return chunkNo === null ? payWhole(transaction, contract) : payChunk(transaction, contract, chunkNo);
}

/** Every settled SC2 of the chunk pays out what it holds. */
async function payChunk(transaction: Transaction, contract: Sc1, chunkNo: number): Promise<Sc1Result> {
  const { contractId } = contract.terms;
  const chunk = await getChunk(transaction, contractId, chunkNo);
  demand(chunk.state === "summed", "SC1_CHUNK_WRONG_STATE", () => `chunk ${chunkNo} is ${chunk.state}`);
  const { sc2ContractIds } = chunk;
  const transfers: Transfer[] = [];
  for (const id of sc2ContractIds) transfers.push(...completeSc2(transaction, await getSc2(transaction, id)));
  await postTransfers(transaction, transfers);
  completeChunk(transaction, chunk);
  transaction.emit(CHAINCODE_EVENT.SC1_CHUNK_COMPLETED, { contractId, chunkNo, sc2ContractIds });
  return { contract };
}

/** The node has the rest when the time for disputes about the SC1 is over. */
async function payWhole(transaction: Transaction, contract: Sc1): Promise<Sc1Result> {
  const { contractId, eventId, vnId } = contract.terms;
  const unpaid = (await chunksOf(transaction, contractId)).find(({ state }) => state !== "completed");
  demand(unpaid === undefined, "SC1_CHUNK_WRONG_STATE", () => `chunk ${unpaid?.chunkNo} is ${unpaid?.state}`);
  const { settlement, policy } = contract;
  assert(settlement !== null, `${contractId} is settled`);
  const split = paidAtOnce(settlement, policy.holdBackPerMille);
  const paidOutMicro = totalOf(split);
  const sides = { contractId, payerId: AGGREGATOR_ACCOUNT, providerId: vnAccount(vnId) };
  await postTransfers(transaction, payOut({ ...sides, heldMicro: paidOutMicro, split }));
  const completed: Sc1 = { ...contract, state: "completed", heldMicro: contract.heldMicro - paidOutMicro };
  transaction.state.put(sc1At(contractId), completed);
  transaction.emit(CHAINCODE_EVENT.SC1_COMPLETED, { contractId, eventId, vnId });
  return { contract: completed };
}

/**
 * Pays an SC2 but for what its policy holds back for disputes. An expired one holds nothing any more and stays as it
 * is.
 */
function completeSc2({ state }: Transaction, contract: Sc2): Transfer[] {
  const { terms, vnId, settlement, policy } = contract;
  if (settlement === null) return [];
  const { contractId, deviceId } = terms;
  const split = paidAtOnce(settlement, policy.holdBackPerMille);
  const paidOutMicro = totalOf(split);
  state.put(sc2At(contractId), { ...contract, state: "completed", heldMicro: contract.heldMicro - paidOutMicro });
  return payOut({
    contractId,
    payerId: vnAccount(vnId),
    providerId: deviceAccount(deviceId),
    heldMicro: paidOutMicro,
    split,
  });
}
