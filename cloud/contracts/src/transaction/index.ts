/** The frame of every transaction: identity, access, argument, state, event. */
export { ACCESS, type AccessRow, type Scope, type TransactionName } from "./access.ts";
export { certifiedKeyHex, ROLE_MSP_IDS, ROLES, type Role } from "./caller.ts";
export { CHAINCODE_EVENT, type ChaincodeEventName } from "./chaincode-events.ts";
export {
  AMOUNT_MICRO,
  COUNT,
  DEVICE_ID,
  ENERGY_WH,
  HASH_HEX,
  ID,
  INTERVALS,
  MSP_ID,
  NET_ENERGY_WH,
  perInterval,
  REASON,
  TRANSACTION_ID,
  UNIX_MS,
  VN_ID,
} from "./field-shapes.ts";
export {
  type CollectionDefinition,
  type PrivateDocument,
  privateHashHex,
  SealedInputError,
} from "./private-state.ts";
export {
  decimal,
  FLAG,
  hex,
  list,
  nullable,
  object,
  oneOf,
  readShape,
  record,
  type Shape,
  type Shaped,
  text,
  wholeNumber,
} from "./shape.ts";
export { defineTransaction, type TransactionSpec, transact } from "./transact.ts";
export type { Owner, Transaction } from "./transaction.ts";
export { VerifyingContext } from "./verifying-context.ts";
export { collection, type Document } from "./world-state.ts";
