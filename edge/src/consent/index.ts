/** The device's own signature on the ledger. */
export type { ConsentPolicy } from "./consent.ts";
export { Consent, PENALTY_CAP_MICRO_MAX_DEFAULT } from "./consent.ts";
export { type AgreedMove, MoveBook } from "./move-book.ts";
