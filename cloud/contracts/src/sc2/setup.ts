import { fundsFor } from "@gridpact/settlement";
import { deviceAccount, postTransfers, vnAccount } from "../accounts/index.ts";
import {
  CHUNK_NO,
  checkPerInterval,
  checkSchedule,
  demandSc1State,
  getCommittedBaseline,
  getSc1,
  lock,
  openChunk,
  positionIn,
  SC2,
  SC2_TERMS,
  type Sc1,
  type Sc2,
  type Sc2Terms,
  sc2At,
  sc2SettlementTerms,
  termsHash,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { getActiveDevice } from "../registry/index.ts";
import { demandGoodStanding } from "../standing/index.ts";
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
import { SC2_BATCH_MAX, SC2_STATUSES } from "./batch.ts";

/** One contract; the agent uses the batch. */
export const SETUP_SC2 = defineTransaction({
  name: "sc2:SetupDR",
  argument: object({
    /** The contract is a chunk of its own. */
    chunkNo: CHUNK_NO,
    terms: SC2_TERMS,
  }),
  result: SC2,
});

/** By the node's agent (`offer-contracts.ts`), a chunk in each. */
export const SETUP_SC2_BATCH = defineTransaction({
  name: "sc2:SetupDRBatch",
  argument: object({
    chunkNo: CHUNK_NO,
    /** Money set aside that pays the escrows; null for the balance, which a chunk at a time can use. */
    reserveId: nullable(ID),
    /** Contracts under one SC1. */
    contracts: list(SC2_TERMS, { min: 1, max: SC2_BATCH_MAX }),
  }),
  result: SC2_STATUSES,
});

/**
 * Offers one device a contract under an accepted SC1 and locks its price.
 *
 * @throws ContractError as `setUpSc2Batch` does
 */
export async function setUpSc2(
  transaction: Transaction,
  { chunkNo, terms }: Shaped<typeof SETUP_SC2.argument>,
): Promise<Sc2> {
  const [contract] = await proposeChunk(transaction, { chunkNo, reserveId: null, contracts: [terms] });
  return contract as Sc2;
}

/**
 * Offers many devices contracts under an accepted SC1, as one chunk, and locks their prices: all of them or none.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE, SC1_CHUNK_EXISTS, SC1_BASELINE_UNKNOWN,
 *   SC2_EXISTS, SC2_INTERVALS_MISMATCH, SC2_BASELINE_HINDSIGHT, REGISTRY_DEVICE_UNKNOWN, REGISTRY_DEVICE_REVOKED,
 *   PARTY_SUSPENDED, TERMS_INVALID, ACCOUNT_INSUFFICIENT, ACCOUNT_RESERVE_UNKNOWN
 */
export async function setUpSc2Batch(
  transaction: Transaction,
  argument: Shaped<typeof SETUP_SC2_BATCH.argument>,
): Promise<Shaped<typeof SC2_STATUSES>> {
  const contracts = await proposeChunk(transaction, argument);
  return { contracts: contracts.map(({ terms, state }) => ({ contractId: terms.contractId, state })) };
}

async function proposeChunk(
  transaction: Transaction,
  { chunkNo, reserveId, contracts }: Shaped<typeof SETUP_SC2_BATCH.argument>,
): Promise<Sc2[]> {
  const sc1Id = contracts[0]?.sc1Id ?? "";
  demand(
    contracts.every((terms) => terms.sc1Id === sc1Id),
    "TERMS_INVALID",
    () => "sc1Id: a chunk is under one SC1",
  );
  const proposed: Sc2[] = [];
  for (const terms of contracts) proposed.push(await propose(transaction, terms));
  const contractIds = contracts.map(({ contractId }) => contractId);
  await openChunk(transaction, { sc1Id, chunkNo }, contractIds);
  const escrows = proposed.map(({ terms, vnId, heldMicro }) => lock(terms.contractId, vnAccount(vnId), heldMicro));
  const accountId = vnAccount(proposed[0]?.vnId ?? "");
  await postTransfers(transaction, escrows, reserveId === null ? undefined : { accountId, reserveId });
  transaction.emit(CHAINCODE_EVENT.SC2_PROPOSED, { contractIds });
  return proposed;
}

async function propose(transaction: Transaction, terms: Sc2Terms): Promise<Sc2> {
  const { contractId, sc1Id, deviceId } = terms;
  const sc1 = await getSc1(transaction, sc1Id);
  const { vnId } = sc1.terms;
  transaction.authorise({ vnId });
  demandSc1State(sc1, "accepted");
  demand((await transaction.state.get(sc2At(contractId))) === undefined, "SC2_EXISTS", () => contractId);
  for (const each of [vnAccount(vnId), deviceAccount(deviceId)]) await demandGoodStanding(transaction, each);
  const device = await getActiveDevice(transaction, deviceId);
  demand(device.vnId === vnId, "ACCESS_NOT_OWNER", () => `${deviceId} is not a device of ${vnId}`);
  await checkTerms(transaction, terms, sc1);
  const { policy } = sc1;
  const { escrowMicro } = fundsFor(sc2SettlementTerms({ terms, policy }), terms.orderedWh);
  const contract: Sc2 = {
    terms,
    policy,
    termsHashHex: termsHash(terms),
    amendment: null,
    vnId,
    state: "proposed",
    heldMicro: escrowMicro,
    evidenceHashHex: null,
    settlement: null,
  };
  transaction.state.put(sc2At(contractId), contract);
  return contract;
}

async function checkTerms(transaction: Transaction, terms: Sc2Terms, sc1: Sc1): Promise<void> {
  const { contractId, sc1Id, deviceId, intervals, orderedWh, baselineWh } = terms;
  checkSchedule(intervals);
  checkPerInterval(intervals, { orderedWh, baselineWh });
  const first = positionIn(sc1.terms.intervals, intervals);
  demand(first !== undefined, "SC2_INTERVALS_MISMATCH", () => `${contractId} has intervals that ${sc1Id} has not`);
  const committed = await getCommittedBaseline(transaction, { sc1Id, deviceId });
  const isCommitted = baselineWh.every((each, index) => each === committed.baselineWh[first + index]);
  demand(isCommitted, "SC2_BASELINE_HINDSIGHT", () => `${contractId} has another baseline than ${sc1Id} committed`);
}
