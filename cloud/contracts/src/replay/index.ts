/** The chaincode's contracts, and how a transaction of the past is run again. */
export {
  collections,
  contracts,
  contractsVerifyingWith,
  type PastTransaction,
  type Replay,
  replayTransaction,
} from "./replay-transaction.ts";
