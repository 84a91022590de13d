import { canonicalJson, type DeviceSettlement, intervalBoundaries, netImportWh, settle } from "@gridpact/settlement";
import { postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import {
  demandSc2State,
  endOf,
  getSc2,
  giveBack,
  SC2,
  type Sc2,
  sc2At,
  sc2SettlementTerms,
  sha256Hex,
  termsInForce,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { EVIDENCE, type Evidence, meteredRegisters } from "../evidence/index.ts";
import { hasPassed } from "../time/index.ts";
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

/** One SC2 with what it is settled from. */
export const SETTLE_SC2_ARGUMENT = object({
  contractId: ID,
  /** Null only for a contract that was never accepted. */
  evidence: nullable(EVIDENCE),
});

/** One contract; the agent uses the batch. */
export const SETTLE_SC2 = defineTransaction({ name: "sc2:SettleDR", argument: SETTLE_SC2_ARGUMENT, result: SC2 });

/** By the node's agent (`broker/src/agent/settle`). */
export const SETTLE_SC2_BATCH = defineTransaction({
  name: "sc2:SettleDRBatch",
  argument: object({ settlements: list(SETTLE_SC2_ARGUMENT, { min: 1, max: SC2_BATCH_MAX }) }),
  result: SC2_STATUSES,
});

/**
 * How long gaps wait for the virtual node alone. It is paid for what its devices delivered, so it loses by a gap; the
 * aggregator wins by one, and may price gaps only when the node had a day to bring what was spooled.
 */
export const GAP_GRACE_MS = 86_400_000;

type SettleArgument = Shaped<typeof SETTLE_SC2_ARGUMENT>;

/**
 * Computes what a contract delivered and what is owed. Money waits for `sc1:DRCompletion`, except that of expired ones.
 *
 * @throws ContractError SC2_UNKNOWN, ACCESS_NOT_OWNER, SC2_WRONG_STATE, EVIDENCE_MISSING, EVIDENCE_EARLY_GAP, or as
 *   `verifyEvidence` does
 */
export async function settleSc2(transaction: Transaction, argument: SettleArgument): Promise<Sc2> {
  const [contract] = await settleAndTell(transaction, [argument]);
  return contract as Sc2;
}

/**
 * The same for many contracts at once: all of them or none.
 *
 * @throws ContractError as `settleSc2` does
 */
export async function settleSc2Batch(
  transaction: Transaction,
  { settlements }: Shaped<typeof SETTLE_SC2_BATCH.argument>,
): Promise<Shaped<typeof SC2_STATUSES>> {
  return { contracts: (await settleAndTell(transaction, settlements)).map(statusOf) };
}

/**
 * What `sc1:SettleDR` forwards: settles SC2 without an event of its own, and says what became of them.
 *
 * @throws ContractError as `settleSc2` does
 */
export async function settleSc2Members(transaction: Transaction, settlements: readonly SettleArgument[]) {
  return (await settleAll(transaction, settlements)).map(statusOf);
}

async function settleAndTell(transaction: Transaction, settlements: readonly SettleArgument[]): Promise<Sc2[]> {
  const contracts = await settleAll(transaction, settlements);
  transaction.emit(CHAINCODE_EVENT.SC2_SETTLED, { contracts: contracts.map(statusOf) });
  return contracts;
}

async function settleAll(transaction: Transaction, settlements: readonly SettleArgument[]): Promise<Sc2[]> {
  const transfers: Transfer[] = [];
  const contracts: Sc2[] = [];
  for (const { contractId, evidence } of settlements) {
    const open = await getSc2(transaction, contractId);
    transaction.authorise({ vnId: open.vnId });
    if (open.state === "proposed") transfers.push(giveBack(contractId, vnAccount(open.vnId), open.heldMicro));
    const closed = open.state === "proposed" ? expire(open) : await settleAccepted(transaction, open, evidence);
    transaction.state.put(sc2At(contractId), closed);
    contracts.push(closed);
  }
  await postTransfers(transaction, transfers);
  return contracts;
}

/** What was never accepted delivered nothing and owes nothing. */
function expire(contract: Sc2): Sc2 {
  return { ...contract, state: "expired", heldMicro: 0n };
}

async function settleAccepted(transaction: Transaction, contract: Sc2, evidence: Evidence | null): Promise<Sc2> {
  const { terms } = contract;
  demandSc2State(contract, "accepted");
  demand(evidence !== null, "EVIDENCE_MISSING", () => `${terms.contractId} was accepted`);
  const settlement = await settlementFrom(transaction, contract, evidence);
  await demandFinalGaps(transaction, contract, evidence);
  return { ...contract, state: "settled", evidenceHashHex: sha256Hex(canonicalJson(evidence)), settlement };
}

/**
 * Without this a contract could be settled before its end with nothing to show, and its device could deliver what it
 * liked: a missing reading is a gap only when it can no longer be taken. That the end has passed is attested, or shown
 * by the device's own signed reading at it.
 *
 * @throws ContractError EVIDENCE_EARLY_GAP
 */
async function demandFinalGaps(transaction: Transaction, { terms }: Sc2, { boundaries }: Evidence): Promise<void> {
  if (!boundaries.includes(null)) return;
  const isOwner = transaction.caller.role === "vn";
  const finalUnixMs = endOf(terms) + (isOwner ? 0 : GAP_GRACE_MS);
  const isShownOver = isOwner && boundaries.at(-1) !== null;
  const isFinal = isShownOver || (await hasPassed(transaction, finalUnixMs));
  demand(isFinal, "EVIDENCE_EARLY_GAP", () => `${terms.contractId} may have gaps once ${finalUnixMs} is attested`);
}

/**
 * What a contract is settled to by evidence, which is checked against the ledger, and by the order in force.
 *
 * @throws ContractError as `verifyEvidence` does
 */
export async function settlementFrom(
  transaction: Transaction,
  contract: Sc2,
  evidence: Evidence,
): Promise<DeviceSettlement> {
  const { policy, vnId } = contract;
  const terms = termsInForce(contract);
  const { deviceId, intervals, baselineWh, orderedWh } = terms;
  const boundariesUnixMs = intervalBoundaries(intervals);
  const registers = await meteredRegisters(transaction, { vnId, deviceId, boundariesUnixMs }, evidence);
  const actualWh = netImportWh(registers);
  return settle({ terms: sc2SettlementTerms({ terms, policy }), intervals, baselineWh, orderedWh, actualWh });
}

function statusOf({ terms, state }: Sc2) {
  return { contractId: terms.contractId, state };
}
