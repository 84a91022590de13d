import assert from "node:assert/strict";
import type { Funds, PaidParts, SettlementTerms } from "@gridpact/settlement";
import { escrowOf, type Transfer } from "../accounts/index.ts";
import { incentiveOf, type Policy } from "../programmes/index.ts";

type Prices = Pick<SettlementTerms, "priceMicroPerWh" | "penaltyMicroPerWh" | "penaltyCapMicro">;

/** A contract with the policy of its programme. */
type Priced = { readonly terms: Prices; readonly policy: Policy };

/**
 * Terms of an SC1 as the settlement rules take them. Requests to increase load need no more than another name here.
 */
export function sc1SettlementTerms({ terms, policy }: Priced): SettlementTerms {
  return { ...sc2SettlementTerms({ terms, policy }), incentive: incentiveOf(policy) };
}

/** Those of an SC2: its own price for energy, whatever the virtual node is paid for, and the same dead band. */
export function sc2SettlementTerms({ terms, policy }: Priced): SettlementTerms {
  const { priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro } = terms;
  const { deadBandPerMille } = policy;
  return { direction: "reduce", priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro, deadBandPerMille };
}

/** From an account into a contract: escrow of the payer or deposit of the provider. */
export function lock(contractId: string, fromId: string, amountMicro: bigint): Transfer {
  return { kind: "lock", fromId, toId: escrowOf(contractId), amountMicro, contractId };
}

/** What moves when a running contract is to hold other funds than before. */
export function adjustFunds(
  { contractId, payerId, providerId }: Pick<SettledFunds, "contractId" | "payerId" | "providerId">,
  before: Funds,
  after: Funds,
): Transfer[] {
  const changes: [accountId: string, changeMicro: bigint][] = [
    [payerId, after.escrowMicro - before.escrowMicro],
    [providerId, after.depositMicro - before.depositMicro],
  ];
  return changes.flatMap(([accountId, changeMicro]) => {
    if (changeMicro === 0n) return [];
    return changeMicro > 0n ? lock(contractId, accountId, changeMicro) : giveBack(contractId, accountId, -changeMicro);
  });
}

/** Out of a contract, back to whoever locked it. */
export function giveBack(contractId: string, toId: string, amountMicro: bigint): Transfer {
  return { kind: "return", fromId: escrowOf(contractId), toId, amountMicro, contractId };
}

/** A settled contract with the accounts of its two sides. */
export type SettledFunds = {
  readonly contractId: string;
  readonly payerId: string;
  readonly providerId: string;
  /** What is to be paid out. */
  readonly heldMicro: bigint;
  readonly split: PaidParts;
};

/** Empties a settled contract: payment and deposit's rest to the provider, penalty and escrow's rest to the payer. */
export function payOut({ contractId, payerId, providerId, heldMicro, split }: SettledFunds): Transfer[] {
  const fromId = escrowOf(contractId);
  const transfers: Transfer[] = [
    { kind: "pay", fromId, toId: providerId, amountMicro: split.paidMicro, contractId },
    { kind: "penalty", fromId, toId: payerId, amountMicro: split.penaltyMicro, contractId },
    { kind: "return", fromId, toId: payerId, amountMicro: split.returnedToPayerMicro, contractId },
    { kind: "return", fromId, toId: providerId, amountMicro: split.returnedToProviderMicro, contractId },
  ];
  const paidOutMicro = transfers.reduce((sum, { amountMicro }) => sum + amountMicro, 0n);
  assert.equal(paidOutMicro, heldMicro, `${contractId} pays out what it holds`);
  return transfers;
}
