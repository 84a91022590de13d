/** The chaincode's contracts, and how a transaction of the past is run again. */
export { collections } from "./collections.ts";
export {
  contracts,
  contractsVerifyingWith,
  type PastTransaction,
  type Replay,
  replayTransaction,
} from "./replay-transaction.ts";
