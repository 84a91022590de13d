/** What the transactions of an SC1 have to write: every settlement and payment computed again. */
import {
  AGGREGATOR_ACCOUNT,
  baselineCommitment,
  deviceAccount,
  readResult,
  type Sc1,
  type Sc2,
  type Transfer,
  vnAccount,
} from "@gridpact/contracts";
import {
  type DeviceContribution,
  fundsFor,
  type JsonValue,
  type MoneySplit,
  settleVirtualNode,
} from "@gridpact/settlement";
import { demandSame } from "./audit-rule.ts";
import { argumentOf, type Effects, effects, escrowOf, giveBack, lock, type RuleInput } from "./effects.ts";
import { pricesOf } from "./sc2-rules.ts";

export function setUpSc1(input: RuleInput): Effects {
  const open = { state: "proposed", heldMicro: "0", commitment: null, refusal: null, settlement: null };
  const proposed = { terms: argumentOf<JsonValue>(input), ...open };
  const { contract } = readResult("sc1:GetContract", { contract: proposed, sc2ContractIds: [] });
  const { contractId, orderedWh } = contract.terms;
  const { escrowMicro } = fundsFor(pricesOf(contract.terms), orderedWh);
  return effects(
    [[`sc1/${contractId}`, { ...contract, heldMicro: escrowMicro }]],
    [lock(contractId, AGGREGATOR_ACCOUNT, escrowMicro)],
  );
}

export function acceptSc1(input: RuleInput): Effects {
  type Acceptance = { contractId: string; baselineCommitmentHex: string; baselines: Record<string, string[]> };
  const { contractId, baselines, ...commitment } = argumentOf<Acceptance>(input);
  const contract = input.state.sc1(contractId);
  demandSame(`sc1/${contractId}: state`, "proposed", contract.state);
  const amounts = Object.entries(baselines).map(([id, each]) => [id, each.map(BigInt)]);
  const commitmentHex = baselineCommitment(Object.fromEntries(amounts));
  demandSame(`sc1/${contractId}: baselineCommitmentHex`, commitmentHex, commitment.baselineCommitmentHex);
  const { penaltyCapMicro, vnId } = contract.terms;
  const heldMicro = contract.heldMicro + penaltyCapMicro;
  const committed = Object.entries(baselines).map(
    ([deviceId, baselineWh]) => [`baseline/${contractId}/${deviceId}`, { deviceId, baselineWh }] as const,
  );
  return effects(
    [[`sc1/${contractId}`, { ...contract, state: "accepted", heldMicro, commitment }], ...committed],
    [lock(contractId, vnAccount(vnId), penaltyCapMicro)],
  );
}

export function refuseSc1(input: RuleInput): Effects {
  const { contractId, reason } = argumentOf<{ contractId: string; reason: string }>(input);
  const contract = input.state.sc1(contractId);
  demandSame(`sc1/${contractId}: state`, "proposed", contract.state);
  return effects(
    [[`sc1/${contractId}`, { ...contract, state: "refused", heldMicro: 0n, refusal: reason }]],
    [giveBack(contractId, AGGREGATOR_ACCOUNT, contract.heldMicro)],
  );
}

/** Adds the SC2 up again, from their settlements on the ledger. */
export function settleSc1(input: RuleInput): Effects {
  const { contractId } = argumentOf<{ contractId: string }>(input);
  const contract = input.state.sc1(contractId);
  const { terms, heldMicro } = contract;
  if (contract.state === "proposed") {
    const expired = { ...contract, state: "expired", heldMicro: 0n };
    return effects([[`sc1/${contractId}`, expired]], [giveBack(contractId, AGGREGATOR_ACCOUNT, heldMicro)]);
  }
  demandSame(`sc1/${contractId}: state`, "accepted", contract.state);
  const contributions = input.state.membersOf(contractId).flatMap((id) => contributionOf(input.state.sc2(id)));
  const { intervals, orderedWh } = terms;
  const settlement = settleVirtualNode({ terms: pricesOf(terms), intervals, orderedWh, contributions });
  return effects([[`sc1/${contractId}`, { ...contract, state: "settled", settlement }]]);
}

function contributionOf({ terms, state, settlement }: Sc2): DeviceContribution[] {
  const { contractId, deviceId, kind } = terms;
  if (settlement !== null) return [{ contractId, deviceId, kind, intervals: settlement.intervals }];
  demandSame(`sc2/${contractId}: state`, "expired", state);
  return [];
}

/** Pays the SC1 and every settled SC2 under it what their settlements say, and nothing stays behind. */
export function completeSc1(input: RuleInput): Effects {
  const { contractId } = argumentOf<{ contractId: string }>(input);
  const contract = input.state.sc1(contractId);
  demandSame(`sc1/${contractId}: state`, "settled", contract.state);
  const transfers = payOut(contract, [AGGREGATOR_ACCOUNT, vnAccount(contract.terms.vnId)]);
  const documents: [string, unknown][] = [[`sc1/${contractId}`, { ...contract, state: "completed", heldMicro: 0n }]];
  for (const id of input.state.membersOf(contractId)) {
    const sc2 = input.state.sc2(id);
    if (sc2.settlement === null) continue;
    documents.push([`sc2/${id}`, { ...sc2, state: "completed", heldMicro: 0n }]);
    transfers.push(...payOut(sc2, [vnAccount(sc2.vnId), deviceAccount(sc2.terms.deviceId)]));
  }
  return effects(documents, transfers);
}

/** @throws AuditRuleError unless what is paid out is what the contract holds */
function payOut(
  { terms: { contractId }, heldMicro, settlement }: Sc1 | Sc2,
  [payerId, providerId]: readonly [string, string],
): Transfer[] {
  const split: Partial<MoneySplit> = settlement ?? {};
  const moves: [Transfer["kind"], string, bigint][] = [
    ["pay", providerId, split.paidMicro ?? 0n],
    ["penalty", payerId, split.penaltyMicro ?? 0n],
    ["return", payerId, split.returnedToPayerMicro ?? 0n],
    ["return", providerId, split.returnedToProviderMicro ?? 0n],
  ];
  const paidOutMicro = moves.reduce((sum, [, , amountMicro]) => sum + amountMicro, 0n);
  demandSame(`${contractId}: micro paid out`, `${heldMicro}`, `${paidOutMicro}`);
  const fromId = escrowOf(contractId);
  return moves.map(([kind, toId, amountMicro]) => ({ kind, fromId, toId, amountMicro, contractId }));
}
