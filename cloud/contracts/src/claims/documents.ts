import { ACCOUNT_ID } from "../accounts/index.ts";
import { AMOUNT_MICRO, collection, ID, object, oneOf, type Shaped, UNIX_MS } from "../transaction/index.ts";

/** Money that one party owes another, until it is paid. */
export const CLAIM = object({
  claimId: ID,
  debtorId: ACCOUNT_ID,
  creditorId: ACCOUNT_ID,
  amountMicro: AMOUNT_MICRO,
  /** What it follows from: a bill for metered energy, or a ruling that asked for more than was held back. */
  basis: oneOf(["bill", "ruling"]),
  dueUnixMs: UNIX_MS,
  /** When the debtor may be suspended for it. */
  suspendFromUnixMs: UNIX_MS,
  state: oneOf(["open", "paid"]),
});

/** Amounts above 0; paid in full or not at all, so there is no rest to keep. */
export type Claim = Shaped<typeof CLAIM>;

/** By claim id; bills bring their own, those of rulings follow from the contract (`rulingClaimId`). */
export const claimAt = collection("claim", CLAIM);
/** By device and stay: until when its energy was billed, so that no Wh is billed twice. */
export const billedUntilAt = collection("billed", object({ untilUnixMs: UNIX_MS }));
