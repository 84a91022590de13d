/** Claims: bills and what rulings leave owing, their payment, and suspension until then. */
export { BILL } from "./bill.ts";
export { GET_CLAIM, GET_SUSPENSION, PAY_CLAIM, raiseClaim, SUSPEND_DEBTOR } from "./claim.ts";
export { ClaimsContract } from "./claims-contract.ts";
