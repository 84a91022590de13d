import { type DeliverySum, settleFromSums, sumDeliveries } from "@gridpact/settlement";
import { AGGREGATOR_ACCOUNT, postTransfers } from "../accounts/index.ts";
import {
  CHUNK_NO,
  type Chunk,
  chunksOf,
  demandSc1State,
  getChunk,
  getSc1,
  getSc2,
  giveBack,
  SC1_RESULT,
  SC2_PER_CHUNK_MAX,
  type Sc1,
  type Sc1Result,
  type Sc2,
  sc1At,
  sc1SettlementTerms,
  sumChunk,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { SETTLE_SC2_ARGUMENT, settleSc2Members } from "../sc2/index.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  ID,
  list,
  nullable,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";

/** By node or aggregator; from the aggregator gaps count a day later (`GAP_GRACE_MS`). */
export const SETTLE_SC1 = defineTransaction({
  name: "sc1:SettleDR",
  argument: object({
    contractId: ID,
    /** The chunk to settle; null settles the SC1 itself, from its chunks. */
    chunkNo: nullable(CHUNK_NO),
    /** Evidence that is forwarded to SC2 of the chunk; those that are settled already are left out. */
    settlements: list(SETTLE_SC2_ARGUMENT, { min: 0, max: SC2_PER_CHUNK_MAX }),
  }),
  result: SC1_RESULT,
});

/**
 * Settles an SC1 in steps: chunk by chunk, then the whole. An SC1 that was never accepted expires instead, and the
 * aggregator has its money back: nothing was promised, so no deadline is needed for it.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE, SC1_CHUNK_UNKNOWN, SC1_CHUNK_WRONG_STATE,
 *   SC1_SC2_UNSETTLED, or as `sc2:SettleDR` does
 */
export async function settleSc1(
  transaction: Transaction,
  { contractId, chunkNo, settlements }: Shaped<typeof SETTLE_SC1.argument>,
): Promise<Sc1Result> {
  const contract = await getSc1(transaction, contractId);
  transaction.authorise(contract.terms);
  if (chunkNo !== null) return settleChunk(transaction, contract, { chunkNo, settlements });
  demand(settlements.length === 0, "ARGUMENT_INVALID", () => "settlements: belong to a chunk");
  return contract.state === "proposed" ? expire(transaction, contract) : settleWhole(transaction, contract);
}

/** Forwards evidence to the SC2 of one chunk and adds the chunk up, once each of them is settled or expired. */
async function settleChunk(
  transaction: Transaction,
  contract: Sc1,
  { chunkNo, settlements }: Pick<Shaped<typeof SETTLE_SC1.argument>, "settlements"> & { chunkNo: number },
): Promise<Sc1Result> {
  const { contractId, intervals } = contract.terms;
  demandSc1State(contract, "accepted");
  const chunk = await getChunk(transaction, contractId, chunkNo);
  demand(chunk.state === "open", "SC1_CHUNK_WRONG_STATE", () => `chunk ${chunkNo} is ${chunk.state}`);
  const members = new Set(chunk.sc2ContractIds);
  const stranger = settlements.find((each) => !members.has(each.contractId));
  demand(stranger === undefined, "SC1_CHUNK_UNKNOWN", () => `${stranger?.contractId} is not in chunk ${chunkNo}`);
  const settled = await settleSc2Members(transaction, settlements);
  sumChunk(transaction, chunk, await deliverySums(transaction, chunk, intervals));
  transaction.emit(CHAINCODE_EVENT.SC1_CHUNK_SUMMED, { contractId, chunkNo, contracts: settled });
  return { contract };
}

async function settleWhole(transaction: Transaction, contract: Sc1): Promise<Sc1Result> {
  demandSc1State(contract, "accepted");
  const { contractId, eventId, vnId } = contract.terms;
  const settlement = sc1SettlementFrom(contract, await sumsOf(transaction, contractId));
  const settled: Sc1 = { ...contract, state: "settled", settlement };
  transaction.state.put(sc1At(contractId), settled);
  const { outcome } = settlement;
  transaction.emit(CHAINCODE_EVENT.SC1_SETTLED, { contractId, eventId, vnId, outcome });
  return { contract: settled };
}

/** What an SC1 is settled to by what its chunks delivered. */
export function sc1SettlementFrom(
  contract: Sc1,
  sums: readonly (readonly DeliverySum[])[],
): NonNullable<Sc1["settlement"]> {
  const { intervals, orderedWh } = contract.terms;
  return settleFromSums({ terms: sc1SettlementTerms(contract), intervals, orderedWh, sums });
}

/**
 * What the SC2 of a chunk delivered, as they are settled now.
 *
 * @throws ContractError SC1_SC2_UNSETTLED
 */
export async function deliverySums(
  transaction: Transaction,
  { sc2ContractIds }: Pick<Chunk, "sc2ContractIds">,
  intervals: Sc1["terms"]["intervals"],
): Promise<DeliverySum[]> {
  const contracts: Sc2[] = [];
  for (const id of sc2ContractIds) contracts.push(await getSc2(transaction, id));
  const open = contracts.filter(({ state }) => state === "proposed" || state === "accepted");
  demand(open.length === 0, "SC1_SC2_UNSETTLED", () => `${open.length} SC2, the first is ${open[0]?.terms.contractId}`);
  return sumSc2(intervals, contracts);
}

/** What settled SC2 delivered. Expired ones were never accepted: they delivered nothing and are not in the sum. */
export function sumSc2(intervals: Sc1["terms"]["intervals"], contracts: readonly Sc2[]): DeliverySum[] {
  const contributions = contracts.flatMap(({ terms: { contractId, deviceId, kind, orderedWh }, settlement }) =>
    settlement === null ? [] : [{ contractId, deviceId, kind, intervals: settlement.intervals, plannedWh: orderedWh }],
  );
  return sumDeliveries(intervals, contributions);
}

async function expire(transaction: Transaction, contract: Sc1): Promise<Sc1Result> {
  const { contractId, vnId } = contract.terms;
  const expired: Sc1 = { ...contract, state: "expired", heldMicro: 0n };
  transaction.state.put(sc1At(contractId), expired);
  await postTransfers(transaction, [giveBack(contractId, AGGREGATOR_ACCOUNT, contract.heldMicro)]);
  transaction.emit(CHAINCODE_EVENT.SC1_EXPIRED, { contractId, vnId });
  return { contract: expired };
}

async function sumsOf(transaction: Transaction, contractId: string): Promise<(readonly DeliverySum[])[]> {
  const chunks = await chunksOf(transaction, contractId);
  const open = chunks.find(({ state }) => state === "open");
  demand(open === undefined, "SC1_SC2_UNSETTLED", () => `chunk ${open?.chunkNo} is not settled`);
  return chunks.flatMap(({ sums }) => (sums === null ? [] : [sums]));
}
