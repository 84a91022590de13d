import {
  AMOUNT_MICRO,
  collection,
  ID,
  list,
  nullable,
  object,
  oneOf,
  type Shaped,
  TRANSACTION_ID,
  text,
  UNIX_MS,
} from "../transaction/index.ts";
import { ACCOUNT_ID } from "./account-id.ts";

/** One movement of money. Direction is a name: from, to. */
export const TRANSFER = object({
  kind: oneOf(["mint", "burn", "lock", "pay", "penalty", "return", "transfer", "claim", "premium"]),
  /** An account, `escrow:<contractId>` or `issuer`. */
  fromId: text((value) => value.length > 0, "a party"),
  toId: text((value) => value.length > 0, "a party"),
  amountMicro: AMOUNT_MICRO,
  /** Contract, claim, hedge or reference on whose terms it happened; null for a mint and a burn. */
  contractId: nullable(ID),
});

/** What an account may spend at once. */
const BALANCE = object({ accountId: ACCOUNT_ID, spendableMicro: AMOUNT_MICRO });

/** Money that one transaction brought to a shared account, until it is consolidated. */
export const CREDIT = object({ transactionId: TRANSACTION_ID, amountMicro: AMOUNT_MICRO });

/** Money of an account set aside for one transaction to come. */
export const RESERVED = object({ reserveId: ID, amountMicro: AMOUNT_MICRO });

/**
 * Transfers in one entry. The most come from completing a chunk: four for each of its SC2, at most 200.
 */
export const ENTRY_TRANSFERS_MAX = 1_024;

/** All movements that one transaction made on one account. */
export const ENTRY = object({
  transactionId: TRANSACTION_ID,
  /** As the client claimed it; it only sorts the statement. */
  claimedAtUnixMs: UNIX_MS,
  transfers: list(TRANSFER, { min: 1, max: ENTRY_TRANSFERS_MAX }),
});

/** All money there is: accounts and contracts together always hold what was minted and not burned. */
export const SUPPLY = object({
  mintedMicro: AMOUNT_MICRO,
  burnedMicro: AMOUNT_MICRO,
  /** Most that may be in circulation; null for no limit. */
  circulatingMaxMicro: nullable(AMOUNT_MICRO),
});

/** A movement as entries keep it; with amount 0 it is no movement and `postTransfers` leaves it out. */
export type Transfer = Shaped<typeof TRANSFER>;

/** By account. Written with `putMoney` only, so that two organisations endorse each change. */
export const balanceAt = collection("account", BALANCE);
/** By account, then transaction: written by whoever pays a shared account, removed by `accounts:Consolidate`. */
export const creditAt = collection("credit", CREDIT);
/** By account, then reserve: written by `accounts:Reserve`, removed whole by the one transaction that spends it. */
export const reserveAt = collection("reserve", RESERVED);
/** By account, claimed time and transaction, so that key order is the order of a statement. */
export const entryAt = collection("entry", ENTRY);
/** One document of the channel, without ids; absent before the first mint. */
export const supplyAt = collection("supply", SUPPLY);
