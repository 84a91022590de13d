import { fundsFor } from "@gridpact/settlement";
import { AGGREGATOR_ACCOUNT, postTransfers, type Transfer, vnAccount } from "../accounts/index.ts";
import {
  checkPerInterval,
  checkSchedule,
  lock,
  SC1_RESULT,
  SC1_TERMS,
  type Sc1,
  type Sc1Result,
  type Sc1Terms,
  sc1At,
  sc1SettlementTerms,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { checkRequest } from "../programmes/index.ts";
import { getVirtualNode } from "../registry/index.ts";
import { demandGoodStanding } from "../standing/index.ts";
import { CHAINCODE_EVENT, defineTransaction, type Transaction } from "../transaction/index.ts";

/** By the aggregator (`set-up-contracts.ts`); the argument is the terms themselves. */
export const SETUP_SC1 = defineTransaction({ name: "sc1:SetupDR", argument: SC1_TERMS, result: SC1_RESULT });

/**
 * Offers a virtual node a contract and locks its price.
 *
 * @throws ContractError SC1_EXISTS, REGISTRY_VN_UNKNOWN, PARTY_SUSPENDED, TERMS_INVALID, ACCOUNT_INSUFFICIENT, or as
 *   `checkRequest` does
 */
export async function setUpSc1(transaction: Transaction, terms: Sc1Terms): Promise<Sc1Result> {
  const { contract, escrow } = await proposeSc1(transaction, terms);
  await postTransfers(transaction, [escrow]);
  emitProposed(transaction, terms);
  return { contract };
}

/**
 * Writes the offer and tells what its escrow takes; the caller posts it, together with whatever else moves.
 *
 * @throws ContractError as `setUpSc1` does
 */
export async function proposeSc1(
  transaction: Transaction,
  terms: Sc1Terms,
): Promise<{ contract: Sc1; escrow: Transfer }> {
  const { contractId, vnId } = terms;
  const existing = await transaction.state.get(sc1At(contractId));
  demand(existing === undefined, "SC1_EXISTS", () => contractId);
  await getVirtualNode(transaction, { vnId });
  for (const accountId of [AGGREGATOR_ACCOUNT, vnAccount(vnId)]) await demandGoodStanding(transaction, accountId);
  checkTerms(terms);
  const { policy } = await checkRequest(transaction, terms);
  const { escrowMicro } = fundsFor(sc1SettlementTerms({ terms, policy }), terms.orderedWh);
  const contract: Sc1 = {
    terms,
    policy,
    state: "proposed",
    heldMicro: escrowMicro,
    commitment: null,
    refusal: null,
    settlement: null,
  };
  transaction.state.put(sc1At(contractId), contract);
  return { contract, escrow: lock(contractId, AGGREGATOR_ACCOUNT, escrowMicro) };
}

/** The node's agent learns of its contract by this event. */
export function emitProposed(transaction: Transaction, { contractId, eventId, vnId }: Sc1Terms): void {
  transaction.emit(CHAINCODE_EVENT.SC1_PROPOSED, { contractId, eventId, vnId });
}

function checkTerms({ vnId, intervals, orderedWh, fallbackVnIds }: Sc1Terms): void {
  checkSchedule(intervals);
  checkPerInterval(intervals, { orderedWh });
  const nodes = [vnId, ...fallbackVnIds];
  demand(new Set(nodes).size === nodes.length, "TERMS_INVALID", () => "fallbackVnIds: a virtual node is named twice");
}
