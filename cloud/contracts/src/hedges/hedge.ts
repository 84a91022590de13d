import { type HedgeSettlement, type Interval, settleHedge } from "@gridpact/settlement";
import { authoriseAccount, escrowOf, postTransfers, type Transfer } from "../accounts/index.ts";
import { demand } from "../contract-error.ts";
import { demandGoodStanding } from "../standing/index.ts";
import { hasPassed, isBefore } from "../time/index.ts";
import { CHAINCODE_EVENT, defineTransaction, ID, object, type Transaction } from "../transaction/index.ts";
import { HEDGE, HEDGE_TERMS, type Hedge, type HedgeTerms, hedgeAt } from "./documents.ts";
import { standingPrice } from "./price-index.ts";

const HEDGE_ARGUMENT = object({ hedgeId: ID });

/** By the writer. */
export const OFFER_HEDGE = defineTransaction({ name: "hedges:Offer", argument: HEDGE_TERMS, result: HEDGE });
/** By the holder that the terms name. */
export const ACCEPT_HEDGE = defineTransaction({ name: "hedges:Accept", argument: HEDGE_ARGUMENT, result: HEDGE });
/** By the writer, while nobody has accepted. */
export const WITHDRAW_HEDGE = defineTransaction({ name: "hedges:Withdraw", argument: HEDGE_ARGUMENT, result: HEDGE });
/** By anyone concerned: the outcome follows from the index. */
export const SETTLE_HEDGE = defineTransaction({ name: "hedges:Settle", argument: HEDGE_ARGUMENT, result: HEDGE });
/** By anyone concerned, after `settleByUnixMs`, and only while a price is missing. */
export const VOID_HEDGE = defineTransaction({ name: "hedges:Void", argument: HEDGE_ARGUMENT, result: HEDGE });
/** For every role but the DSO. */
export const GET_HEDGE = defineTransaction({ name: "hedges:GetHedge", argument: HEDGE_ARGUMENT, result: HEDGE });

/**
 * The writer offers a hedge and locks what it can lose by it.
 *
 * @throws ContractError ACCESS_NOT_OWNER, HEDGE_EXISTS, TERMS_INVALID, PARTY_SUSPENDED, ACCOUNT_INSUFFICIENT
 */
export async function offerHedge(transaction: Transaction, terms: HedgeTerms): Promise<Hedge> {
  const { hedgeId, writerId, holderId, writerCollateralMicro } = terms;
  await authoriseAccount(transaction, writerId);
  await demandGoodStanding(transaction, writerId);
  demand((await transaction.state.get(hedgeAt(hedgeId))) === undefined, "HEDGE_EXISTS", () => hedgeId);
  demand(writerId !== holderId, "TERMS_INVALID", () => "holderId: nobody hedges with itself");
  demand(isRising(terms.intervals), "TERMS_INVALID", () => "intervals: must follow each other");
  const endUnixMs = terms.intervals.at(-1)?.endUnixMs ?? 0;
  demand(endUnixMs <= terms.settleByUnixMs, "TERMS_INVALID", () => "settleByUnixMs: before the last interval ends");
  // Settling once on any prices finds every fault of the terms before money is locked.
  settleHedge(
    terms,
    terms.intervals.map(() => 0n),
  );
  await postTransfers(transaction, [move("lock", terms, writerId, writerCollateralMicro)]);
  return put(transaction, { terms, state: "offered", heldMicro: writerCollateralMicro, settlement: null });
}

/**
 * The holder accepts before the first interval, pays the premium, and locks what it can lose.
 *
 * @throws ContractError HEDGE_UNKNOWN, ACCESS_NOT_OWNER, HEDGE_WRONG_STATE, HEDGE_LATE, PARTY_SUSPENDED,
 *   ACCOUNT_INSUFFICIENT
 */
export async function acceptHedge(transaction: Transaction, { hedgeId }: { hedgeId: string }): Promise<Hedge> {
  const hedge = await findHedge(transaction, hedgeId, "offered");
  const { terms } = hedge;
  await authoriseAccount(transaction, terms.holderId);
  await demandGoodStanding(transaction, terms.holderId);
  const startUnixMs = terms.intervals[0]?.startUnixMs ?? 0;
  demand(await isBefore(transaction, startUnixMs), "HEDGE_LATE", () => `it began at ${startUnixMs}`);
  await postTransfers(transaction, [
    premiumOf(terms),
    move("lock", terms, terms.holderId, terms.holderCollateralMicro),
  ]);
  return put(transaction, { ...hedge, state: "open", heldMicro: hedge.heldMicro + terms.holderCollateralMicro });
}

/** @throws ContractError HEDGE_UNKNOWN, ACCESS_NOT_OWNER, HEDGE_WRONG_STATE */
export async function withdrawHedge(transaction: Transaction, { hedgeId }: { hedgeId: string }): Promise<Hedge> {
  const hedge = await findHedge(transaction, hedgeId, "offered");
  await authoriseAccount(transaction, hedge.terms.writerId);
  return giveAllBack(transaction, hedge, 0n);
}

/**
 * Settles against the index, once each price stands. Anyone of the channel may ask for it: the outcome is not theirs.
 *
 * @throws ContractError HEDGE_UNKNOWN, HEDGE_WRONG_STATE, INDEX_MISSING
 */
export async function settleOpenHedge(transaction: Transaction, { hedgeId }: { hedgeId: string }): Promise<Hedge> {
  const hedge = await findHedge(transaction, hedgeId, "open");
  const { terms } = hedge;
  const prices = await pricesOf(transaction, terms);
  const known = prices.filter((each) => each !== null);
  demand(known.length === prices.length, "INDEX_MISSING", () => `${prices.length - known.length} prices do not stand`);
  const settlement = settleHedge(terms, known);
  await postTransfers(transaction, payoutOf(terms, settlement));
  return put(transaction, { ...hedge, state: "settled", heldMicro: 0n, settlement });
}

/**
 * Ends a hedge whose prices never came: each side has its collateral back. The premium stays paid.
 *
 * @throws ContractError HEDGE_UNKNOWN, HEDGE_WRONG_STATE, HEDGE_NOT_DUE, INDEX_COMPLETE
 */
export async function voidHedge(transaction: Transaction, { hedgeId }: { hedgeId: string }): Promise<Hedge> {
  const hedge = await findHedge(transaction, hedgeId, "open");
  const { settleByUnixMs, holderCollateralMicro } = hedge.terms;
  demand(await hasPassed(transaction, settleByUnixMs), "HEDGE_NOT_DUE", () => `until ${settleByUnixMs}`);
  const prices = await pricesOf(transaction, hedge.terms);
  demand(prices.includes(null), "INDEX_COMPLETE", () => "it can be settled");
  return giveAllBack(transaction, hedge, holderCollateralMicro);
}

/** @throws ContractError HEDGE_UNKNOWN, ACCESS_NOT_OWNER */
export async function readHedge(transaction: Transaction, { hedgeId }: { hedgeId: string }): Promise<Hedge> {
  const hedge = await transaction.state.get(hedgeAt(hedgeId));
  demand(hedge !== undefined, "HEDGE_UNKNOWN", () => hedgeId);
  return hedge;
}

async function findHedge(transaction: Transaction, hedgeId: string, wanted: Hedge["state"]): Promise<Hedge> {
  const hedge = await readHedge(transaction, { hedgeId });
  demand(hedge.state === wanted, "HEDGE_WRONG_STATE", () => `${hedgeId} is ${hedge.state}, not ${wanted}`);
  return hedge;
}

async function pricesOf(transaction: Transaction, { indexId, intervals }: HedgeTerms): Promise<(bigint | null)[]> {
  const prices: (bigint | null)[] = [];
  for (const { startUnixMs } of intervals) prices.push(await standingPrice(transaction, indexId, startUnixMs));
  return prices;
}

async function giveAllBack(transaction: Transaction, hedge: Hedge, toHolderMicro: bigint): Promise<Hedge> {
  const { terms } = hedge;
  await postTransfers(transaction, [
    move("return", terms, terms.writerId, terms.writerCollateralMicro),
    move("return", terms, terms.holderId, toHolderMicro),
  ]);
  return put(transaction, { ...hedge, state: "void", heldMicro: 0n });
}

function payoutOf(terms: HedgeTerms, settlement: HedgeSettlement): Transfer[] {
  const { writerId, holderId } = terms;
  return [
    move("pay", terms, holderId, settlement.toHolderMicro),
    move("pay", terms, writerId, settlement.toWriterMicro),
    move("return", terms, writerId, settlement.returnedToWriterMicro),
    move("return", terms, holderId, settlement.returnedToHolderMicro),
  ];
}

/** Gaps are allowed, as between evenings; what is accepted before the first begins is accepted before all of them. */
function isRising(intervals: readonly Interval[]): boolean {
  return intervals.every(
    ({ startUnixMs, endUnixMs }, index) =>
      startUnixMs < endUnixMs && startUnixMs >= (intervals[index - 1]?.endUnixMs ?? startUnixMs),
  );
}

function premiumOf({ hedgeId, holderId, writerId, premiumMicro }: HedgeTerms): Transfer {
  return { kind: "premium", fromId: holderId, toId: writerId, amountMicro: premiumMicro, contractId: hedgeId };
}

/** Into the hedge or out of it. */
function move(kind: "lock" | "pay" | "return", { hedgeId }: HedgeTerms, accountId: string, amountMicro: bigint) {
  const escrowId = escrowOf(hedgeId);
  const [fromId, toId] = kind === "lock" ? [accountId, escrowId] : [escrowId, accountId];
  return { kind, fromId, toId, amountMicro, contractId: hedgeId };
}

function put(transaction: Transaction, hedge: Hedge): Hedge {
  const { hedgeId } = hedge.terms;
  transaction.state.put(hedgeAt(hedgeId), hedge);
  transaction.emit(CHAINCODE_EVENT.HEDGE_CHANGED, { hedgeId, state: hedge.state });
  return hedge;
}
