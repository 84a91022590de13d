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

export type Claim = Shaped<typeof CLAIM>;

export const claimAt = collection("claim", CLAIM);
/** Until when a device's energy was billed, so that no Wh is billed twice. */
export const billedUntilAt = collection("billed", object({ untilUnixMs: UNIX_MS }));
