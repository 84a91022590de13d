/**
 * Calling in the fallback that a request named, when its virtual node declined, let it begin without accepting, or
 * falls short. The contract sees to it that fallbacks come in their order, each once, and are asked for no more than
 * the node was; so whoever is named can rely on its place.
 *
 *      sc1 (vn a; fallbacks b, c) --declined--> CallFallback: sc1' (vn b; fallbacks c) --short--> sc1'' (vn c)
 *
 * How much a node delivers is settled by evidence after the event, so that it falls short is the aggregator's word.
 * That word costs nobody but the aggregator: the contract of the node stays in force, settled by what it delivers.
 */
import type { Interval } from "@gridpact/settlement";
import { AGGREGATOR_ACCOUNT, postTransfers, type Transfer } from "../accounts/index.ts";
import {
  getSc1,
  giveBack,
  SC1_RESULT,
  SC1_TERMS,
  type Sc1,
  type Sc1Result,
  type Sc1State,
  type Sc1Terms,
  sc1At,
  startOf,
} from "../agreement/index.ts";
import { demand } from "../contract-error.ts";
import { hasPassed } from "../time/index.ts";
import { collection, defineTransaction, ID, object, type Shaped, type Transaction } from "../transaction/index.ts";
import { emitProposed, proposeSc1 } from "./setup.ts";

/** By the aggregator, with the SC1 as it would set it up. */
export const CALL_FALLBACK = defineTransaction({
  name: "sc1:CallFallback",
  argument: object({
    /** The SC1 that came to nothing, or falls short. */
    contractId: ID,
    /** Of the SC1 that takes its place, or stands beside it. */
    terms: SC1_TERMS,
  }),
  result: SC1_RESULT,
});

/** Which contract was made by calling in the fallback of another. */
const fallbackOf = collection("fallback", object({ contractId: ID }));

/**
 * Ends an SC1 that nobody accepted in time, if it has not ended yet, and offers the next fallback one for what is left
 * of it. The escrow goes over in the same transaction. An accepted SC1 stays as it is.
 *
 * @throws ContractError SC1_UNKNOWN, SC1_WRONG_STATE unless it came to nothing or is being served, SC1_FALLBACK_CALLED,
 *   SC1_FALLBACK_OUT_OF_TURN, SC1_FALLBACK_EXCEEDED, or as `sc1:SetupDR` does
 */
export async function callFallback(
  transaction: Transaction,
  { contractId, terms }: Shaped<typeof CALL_FALLBACK.argument>,
): Promise<Sc1Result> {
  const failed = await getSc1(transaction, contractId);
  await demandCallable(transaction, failed);
  const called = await transaction.state.get(fallbackOf(contractId));
  demand(called === undefined, "SC1_FALLBACK_CALLED", () => `${called?.contractId} is in its place`);
  checkTurn(failed.terms, terms);
  checkExtent(failed.terms, terms);
  const { contract, escrow } = await proposeSc1(transaction, terms);
  transaction.state.put(fallbackOf(contractId), { contractId: terms.contractId });
  await postTransfers(transaction, [...endFailed(transaction, failed), escrow]);
  emitProposed(transaction, terms);
  return { contract };
}

const CALLABLE_STATES: readonly string[] = ["refused", "expired", "accepted"] satisfies Sc1State[];

/** Also one that is still open though it is attested that it began: then no acceptance can come any more. */
async function demandCallable(transaction: Transaction, { terms, state }: Sc1): Promise<void> {
  const isUnanswered = state === "proposed" && (await hasPassed(transaction, startOf(terms)));
  const isCallable = isUnanswered || CALLABLE_STATES.includes(state);
  demand(isCallable, "SC1_WRONG_STATE", () => `${terms.contractId} is ${state}`);
}

function endFailed({ state }: Transaction, failed: Sc1): Transfer[] {
  if (failed.state !== "proposed") return [];
  const { contractId } = failed.terms;
  state.put(sc1At(contractId), { ...failed, state: "expired", heldMicro: 0n });
  return [giveBack(contractId, AGGREGATOR_ACCOUNT, failed.heldMicro)];
}

function checkTurn(failed: Sc1Terms, terms: Sc1Terms): void {
  const [nextVnId, ...laterVnIds] = failed.fallbackVnIds;
  const isInTurn =
    terms.vnId === nextVnId &&
    terms.eventId === failed.eventId &&
    terms.fallbackVnIds.length === laterVnIds.length &&
    laterVnIds.every((vnId, index) => terms.fallbackVnIds[index] === vnId);
  demand(isInTurn, "SC1_FALLBACK_OUT_OF_TURN", () => `the next of ${failed.contractId} is ${nextVnId ?? "nobody"}`);
}

/** In each interval no more than was asked of the one that failed, and in no other interval. */
function checkExtent(failed: Sc1Terms, { intervals, orderedWh, contractId }: Sc1Terms): void {
  const isWithin = intervals.every((interval, index) => (orderedWh[index] ?? 0n) <= orderedIn(failed, interval));
  demand(isWithin, "SC1_FALLBACK_EXCEEDED", () => `${contractId} orders more than ${failed.contractId} did`);
}

/** Below zero for an interval that was never asked for: even an order of nothing is no order of that request. */
function orderedIn({ intervals, orderedWh }: Sc1Terms, { startUnixMs, endUnixMs }: Interval): bigint {
  const index = intervals.findIndex((each) => each.startUnixMs === startUnixMs && each.endUnixMs === endUnixMs);
  return orderedWh[index] ?? -1n;
}
