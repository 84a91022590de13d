/** Token accounts: balances, credits, statements, and the money that contracts move. */
export { ACCOUNT_ID, AGGREGATOR_ACCOUNT, accountHolder, deviceAccount, escrowOf, vnAccount } from "./account-id.ts";
export { authoriseAccount, authoriseSide } from "./account-owner.ts";
export { AccountsContract } from "./accounts-contract.ts";
export { CONSOLIDATE } from "./consolidate.ts";
export type { Transfer } from "./documents.ts";
export { BURN, GET_SUPPLY, MINT, SET_SUPPLY_LIMIT } from "./mint.ts";
export { postTransfers } from "./post-transfers.ts";
export { GET_ACCOUNT, GET_STATEMENT } from "./read-account.ts";
export { RESERVE } from "./reserve.ts";
export { TRANSFER_MONEY } from "./transfer.ts";
