import { ACCOUNT_ID } from "../accounts/index.ts";
import {
  AMOUNT_MICRO,
  collection,
  decimal,
  ENERGY_WH,
  ID,
  INTERVALS,
  nullable,
  object,
  oneOf,
  perInterval,
  type Shaped,
  UNIX_MS,
} from "../transaction/index.ts";

/** A price of energy, which may be negative. */
export const INDEX_PRICE = decimal({ min: null });

/** One organisation's word on an index. */
export const PUBLISHED_PRICE = object({ indexId: ID, startUnixMs: UNIX_MS, priceMicroPerWh: INDEX_PRICE });

/** Agreed between two accounts: the writer takes the risk, the holder pays a premium for it. */
export const HEDGE_TERMS = object({
  hedgeId: ID,
  writerId: ACCOUNT_ID,
  holderId: ACCOUNT_ID,
  indexId: ID,
  kind: oneOf(["cap", "floor", "collar"]),
  capMicroPerWh: nullable(INDEX_PRICE),
  floorMicroPerWh: nullable(INDEX_PRICE),
  intervals: INTERVALS,
  quantityWh: perInterval(ENERGY_WH),
  premiumMicro: AMOUNT_MICRO,
  writerCollateralMicro: AMOUNT_MICRO,
  holderCollateralMicro: AMOUNT_MICRO,
  /** From then on it may be voided when prices are missing, so that no collateral is locked for ever. */
  settleByUnixMs: UNIX_MS,
});

const HEDGE_SETTLEMENT = object({
  netMicro: decimal({ min: null }),
  toHolderMicro: AMOUNT_MICRO,
  toWriterMicro: AMOUNT_MICRO,
  returnedToWriterMicro: AMOUNT_MICRO,
  returnedToHolderMicro: AMOUNT_MICRO,
});

/**
 * Life of a hedge.
 *
 *      offered --Accept--> open --Settle--> settled
 *         `--Withdraw--> void  `--Void----> void
 */
export const HEDGE = object({
  terms: HEDGE_TERMS,
  state: oneOf(["offered", "open", "settled", "void"]),
  heldMicro: AMOUNT_MICRO,
  settlement: nullable(HEDGE_SETTLEMENT),
});

/** Those of `@gridpact/settlement` with parties, index and deadlines; micro-currency per Wh. */
export type HedgeTerms = Shaped<typeof HEDGE_TERMS>;
/** `heldMicro` is both collaterals while `open`; the premium is paid on acceptance and never held. */
export type Hedge = Shaped<typeof HEDGE>;

/** By index, start of the interval and publisher, so that each says it once. */
export const publishedPriceAt = collection("index", PUBLISHED_PRICE);
/** By hedge id. */
export const hedgeAt = collection("hedge", HEDGE);
