/** Token accounts: balances, credits, statements, and the money that contracts move. */
export { AGGREGATOR_ACCOUNT, deviceAccount, escrowOf, vnAccount } from "./account-id.ts";
export { AccountsContract } from "./accounts-contract.ts";
export { CONSOLIDATE } from "./consolidate.ts";
export type { Transfer } from "./documents.ts";
export { GET_SUPPLY, MINT } from "./mint.ts";
export { postTransfers } from "./post-transfers.ts";
export { GET_ACCOUNT, GET_STATEMENT } from "./read-account.ts";
export { RESERVE } from "./reserve.ts";
