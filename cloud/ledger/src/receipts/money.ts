/** The settlement computed again, and the transfers that paid it. */

import { deviceAccount, readResult, type Sc2, type Transfer, termsInForce, vnAccount } from "@gridpact/contracts";
import { canonicalJson, intervalBoundaries, type JsonValue, paidAtOnce, settle, totalOf } from "@gridpact/settlement";
import type { ProvenTransaction } from "../evidence/index.ts";
import type { OrderInForce } from "./amendments.ts";
import { argumentOf, type ReceiptLedger } from "./proven-ledger.ts";
import type { Receipt } from "./receipt.ts";
import { type EvidenceFacts, meteredWh } from "./recompute-baseline.ts";
import { demand, type ReceiptMoney, type StepResult } from "./verification-report.ts";

/** @throws ReceiptFaultError, ContractError, SettlementError */
export function checkSettlement(facts: EvidenceFacts, ledger: ReceiptLedger, inForce: OrderInForce): StepResult<void> {
  const { settlement, evidence } = facts.receipt;
  checkSettledEvidence(facts.receipt, ledger);
  const terms = termsInForce({ terms: facts.receipt.terms, amendment: inForce });
  const { priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro, intervals, baselineWh, orderedWh } = terms;
  const written = writtenContract(ledger["sc2:SettleDRBatch"], terms.contractId);
  const isLast = canonicalJson(written.amendment) === canonicalJson(inForce);
  demand(isLast, () => `transactions: the amendments listed are not those of the ledger: ${canonicalJson(inForce)}`);
  const { deadBandPerMille } = written.policy;
  const actualWh = meteredWh(evidence, intervalBoundaries(intervals), facts);
  const prices = {
    direction: "reduce",
    priceMicroPerWh,
    penaltyMicroPerWh,
    penaltyCapMicro,
    deadBandPerMille,
  } as const;
  const computed = settle({ terms: prices, intervals, baselineWh, orderedWh, actualWh });
  checkSame(settlement, computed, "settlement");
  demand(written.settlement !== null, () => "settlement: the ledger has none");
  checkSame(settlement, written.settlement, "settlement");
  const { deliveredWh, outcome } = settlement;
  const energy = `${deliveredWh} of ${settlement.orderedWh} Wh delivered`;
  return { value: undefined, detail: `${energy}, ${outcome}; as computed and as on the ledger` };
}

/** Every field by itself, so that the first that differs can be named. */
function checkSame(stated: Receipt["settlement"], other: Receipt["settlement"], where: string): void {
  const differing = Object.entries(stated).find(
    ([field, value]) => canonicalJson(value) !== canonicalJson(other[field as keyof Receipt["settlement"]]),
  );
  const [field, value] = differing ?? ["outcome", null];
  demand(
    differing === undefined,
    () => `${where}.${field}: is ${canonicalJson(value)}, must be ${canonicalJson(other[field as "outcome"])}`,
  );
}

/** What the contract settled from, which the ledger keeps word for word. */
function checkSettledEvidence({ terms, evidence }: Receipt, ledger: ReceiptLedger): void {
  type Settlements = { settlements: { contractId: string; evidence: JsonValue }[] };
  const { settlements } = argumentOf<Settlements>(ledger["sc2:SettleDRBatch"]);
  const settled = settlements.find(({ contractId }) => contractId === terms.contractId);
  demand(settled !== undefined, () => `${terms.contractId} was not settled by the listed transaction`);
  const isSame = canonicalJson(settled.evidence) === canonicalJson(evidence);
  demand(isSame, () => "evidence: is not what the contract was settled from");
}

function writtenContract({ writes }: ProvenTransaction, contractId: string): Sc2 {
  const text = writes.get(`sc2/${contractId}`);
  demand(text !== undefined, () => `the transaction wrote nothing about ${contractId}`);
  return readResult("sc2:GetContract", JSON.parse(text) as JsonValue);
}

/** @throws ReceiptFaultError unless the completion moved exactly the settled amounts */
export function checkPayment(
  { terms, settlement, deviceId, vnId }: Receipt,
  ledger: ReceiptLedger,
): StepResult<ReceiptMoney> {
  const completion = ledger["sc1:DRCompletion"];
  const { contractId } = terms;
  const written = writtenContract(completion, contractId);
  const atOnce = paidAtOnce(settlement, written.policy.holdBackPerMille);
  const { paidMicro, penaltyMicro, returnedToPayerMicro, returnedToProviderMicro } = atOnce;
  const [device, virtualNode] = [deviceAccount(deviceId), vnAccount(vnId)];
  const expected: [string, Transfer["kind"], bigint][] = [
    [device, "pay", paidMicro],
    [device, "return", returnedToProviderMicro],
    [virtualNode, "penalty", penaltyMicro],
    [virtualNode, "return", returnedToPayerMicro],
  ];
  for (const accountId of [device, virtualNode]) {
    const moved = transfersTo(completion, { accountId, contractId });
    const owed = expected
      .filter(([toId, , amountMicro]) => toId === accountId && amountMicro > 0n)
      .map(([toId, kind, amountMicro]) => ({ kind, fromId: `escrow:${contractId}`, toId, amountMicro, contractId }));
    demand(
      canonicalJson(moved) === canonicalJson(owed),
      () => `${accountId} got ${canonicalJson(moved)}, must get ${canonicalJson(owed)}`,
    );
  }
  const { state, heldMicro } = written;
  const heldBackMicro = totalOf(settlement) - totalOf(atOnce);
  const isDone = state === "completed" && heldMicro === heldBackMicro;
  demand(isDone, () => `${contractId} is ${state} and holds ${heldMicro} micro, must hold ${heldBackMicro}`);
  const returned = `${returnedToProviderMicro} of its deposit back`;
  const held = heldBackMicro > 0n ? `; ${heldBackMicro} held back for disputes` : "";
  const detail = `${device} got ${paidMicro} micro and ${returned}; penalty ${penaltyMicro}${held}`;
  return { value: { paidMicro, penaltyMicro, depositReturnedMicro: returnedToProviderMicro }, detail };
}

/** Transfers of one contract in the statement entry that a transaction wrote for an account. */
function transfersTo(
  { writes, transactionId }: ProvenTransaction,
  { accountId, contractId }: { accountId: string; contractId: string },
): JsonValue[] {
  const entries = [...writes].filter(([key]) => key.startsWith(`entry/${accountId}/`) && key.endsWith(transactionId));
  const transfers = entries.flatMap(([, text]) => (JSON.parse(text ?? "{}") as { transfers: Transfer[] }).transfers);
  return transfers.filter((each) => each.contractId === contractId) as unknown as JsonValue[];
}
