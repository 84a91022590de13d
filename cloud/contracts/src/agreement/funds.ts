import assert from "node:assert/strict";
import type { MoneySplit, SettlementTerms } from "@gridpact/settlement";
import { escrowOf, type Transfer } from "../accounts/index.ts";

type Prices = Pick<SettlementTerms, "priceMicroPerWh" | "penaltyMicroPerWh" | "penaltyCapMicro">;

/** Terms as the settlement rules take them. Requests to increase load need no more than another name here. */
export function settlementTerms({ priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro }: Prices): SettlementTerms {
  return { direction: "reduce", priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro };
}

/** From an account into a contract: escrow of the payer or deposit of the provider. */
export function lock(contractId: string, fromId: string, amountMicro: bigint): Transfer {
  return { kind: "lock", fromId, toId: escrowOf(contractId), amountMicro, contractId };
}

/** Out of a contract that ended before anything could be earned: all of it back to the payer. */
export function giveBack(contractId: string, toId: string, amountMicro: bigint): Transfer {
  return { kind: "return", fromId: escrowOf(contractId), toId, amountMicro, contractId };
}

/** A settled contract with the accounts of its two sides. */
export type SettledFunds = {
  readonly contractId: string;
  readonly payerId: string;
  readonly providerId: string;
  readonly heldMicro: bigint;
  readonly split: MoneySplit;
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
