import type { Interval } from "@gridpact/settlement";
import { fundsFor } from "@gridpact/settlement";
import { postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import {
  addMember,
  checkPerInterval,
  checkSchedule,
  demandSc1State,
  getCommittedBaseline,
  getSc1,
  lock,
  SC2,
  SC2_TERMS,
  type Sc1,
  type Sc2,
  type Sc2Terms,
  sc2At,
  settlementTerms,
  termsHash,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { getActiveDevice } from "../registry/index.ts";
import {
  CHAINCODE_EVENT,
  defineTransaction,
  list,
  object,
  type Shaped,
  type Transaction,
} from "../transaction/index.ts";
import { SC2_BATCH_MAX, SC2_STATUSES } from "./batch.ts";

export const SETUP_SC2 = defineTransaction({ name: "sc2:SetupDR", argument: SC2_TERMS, result: SC2 });

export const SETUP_SC2_BATCH = defineTransaction({
  name: "sc2:SetupDRBatch",
  argument: object({ contracts: list(SC2_TERMS, { min: 1, max: SC2_BATCH_MAX }) }),
  result: SC2_STATUSES,
});

/**
 * Offers one device a contract under an accepted SC1 and locks its price.
 *
 * @throws ContractError SC1_UNKNOWN, ACCESS_NOT_OWNER, SC1_WRONG_STATE, SC1_FULL, SC1_BASELINE_UNKNOWN, SC2_EXISTS,
 *   SC2_INTERVALS_MISMATCH, SC2_BASELINE_HINDSIGHT, REGISTRY_DEVICE_UNKNOWN, REGISTRY_DEVICE_REVOKED, TERMS_INVALID,
 *   ACCOUNT_INSUFFICIENT
 */
export async function setUpSc2(transaction: Transaction, terms: Sc2Terms): Promise<Sc2> {
  const [contract, escrow] = await propose(transaction, terms);
  await postTransfers(transaction, [escrow]);
  transaction.emit(CHAINCODE_EVENT.SC2_PROPOSED, { contractIds: [terms.contractId] });
  return contract;
}

/**
 * The same for many devices at once: all of them or none.
 *
 * @throws ContractError as `setUpSc2` does
 */
export async function setUpSc2Batch(
  transaction: Transaction,
  { contracts }: Shaped<typeof SETUP_SC2_BATCH.argument>,
): Promise<Shaped<typeof SC2_STATUSES>> {
  const escrows: Transfer[] = [];
  for (const terms of contracts) {
    const [, escrow] = await propose(transaction, terms);
    escrows.push(escrow);
  }
  await postTransfers(transaction, escrows);
  const contractIds = contracts.map(({ contractId }) => contractId);
  transaction.emit(CHAINCODE_EVENT.SC2_PROPOSED, { contractIds });
  return { contracts: contractIds.map((contractId) => ({ contractId, state: "proposed" })) };
}

async function propose(transaction: Transaction, terms: Sc2Terms): Promise<[Sc2, Transfer]> {
  const { contractId, sc1Id, deviceId } = terms;
  const sc1 = await getSc1(transaction, sc1Id);
  const { vnId } = sc1.terms;
  transaction.authorise({ vnId });
  demandSc1State(sc1, "accepted");
  demand((await transaction.state.get(sc2At(contractId))) === undefined, "SC2_EXISTS", () => contractId);
  const device = await getActiveDevice(transaction, deviceId);
  demand(device.vnId === vnId, "ACCESS_NOT_OWNER", () => `${deviceId} is not a device of ${vnId}`);
  await checkTerms(transaction, terms, sc1);
  await addMember(transaction, sc1Id, contractId);
  const { escrowMicro } = fundsFor(settlementTerms(terms), terms.orderedWh);
  const contract: Sc2 = {
    terms,
    termsHashHex: termsHash(terms),
    vnId,
    state: "proposed",
    heldMicro: escrowMicro,
    evidenceHashHex: null,
    settlement: null,
  };
  transaction.state.put(sc2At(contractId), contract);
  return [contract, lock(contractId, vnAccount(vnId), escrowMicro)];
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

/** Where a run of intervals begins in those of the superior contract; undefined when it is no run of them. */
function positionIn(all: readonly Interval[], run: readonly Interval[]): number | undefined {
  const first = all.findIndex(({ startUnixMs }) => startUnixMs === run[0]?.startUnixMs);
  const isRun = run.every(({ endUnixMs }, index) => all[first + index]?.endUnixMs === endUnixMs);
  return first !== -1 && isRun ? first : undefined;
}
