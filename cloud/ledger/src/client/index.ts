/** The ledger as callers see it, and its client over the Fabric Gateway protocol. */
export type { LedgerArgument } from "./argument.ts";
export { encodeArgument } from "./argument.ts";
export type { GatewayLedgerModules, GatewayLedgerOptions, LedgerIdentity } from "./gateway-ledger.ts";
export { CHAINCODE_NAME, CHANNEL_NAME, GatewayLedger, NETWORK_REFUSALS } from "./gateway-ledger.ts";
export type {
  ChainInfo,
  CommitStatus,
  Committed,
  EvaluateOptions,
  FetchedBlock,
  Ledger,
  LedgerEvent,
  OfflineCreator,
  PreparedTransaction,
  PrepareOptions,
  RemoteSigner,
  SigningStage,
} from "./ledger.ts";
export type { LedgerErrorCode } from "./ledger-error.ts";
export {
  CommitError,
  CommitStatusError,
  EndorseError,
  EvaluateError,
  EventsError,
  LedgerError,
  OfflineSigningError,
  SubmitError,
} from "./ledger-error.ts";
