/** The embedded ledger: a whole Fabric network's behaviour in one process. */
export type { ChaincodeDefinition, ContractSource } from "./chaincode.ts";
export type { CommittedTransaction } from "./channel.ts";
export { EmbeddedGateway } from "./embedded-gateway.ts";
export type { EmbeddedLedgerModules, EmbeddedLedgerOptions } from "./embedded-ledger.ts";
export { EmbeddedLedger } from "./embedded-ledger.ts";
export { LedgerConfigError, LedgerDamagedError } from "./errors.ts";
export type { NodeIdentity } from "./node-identity.ts";
export type { BatchOptions } from "./orderer.ts";
export { BATCH_DEFAULT } from "./orderer.ts";
export { stateChangesOf } from "./state-changes.ts";
export { readStoredBlocks } from "./stored-blocks.ts";
export { BlockValidator } from "./validator.ts";
export { type StateChange, type StateValue, WorldState } from "./world-state.ts";
