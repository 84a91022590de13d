import { common } from "@hyperledger/fabric-protos";
import { decodeBlock, parseTransactionHeader, VALIDATION_CODE, validationCodeName } from "../protocol/index.ts";
import { decodeMessage } from "../wire/index.ts";
import type { ChainInfo, CommitStatus, FetchedBlock } from "./ledger.ts";

/** Fabric's system chaincode that answers questions about the chain itself. */
export const QUERY_SYSTEM_CHAINCODE = "qscc";

/** @throws MalformedMessageError */
export function decodeFetchedBlock(bytes: Uint8Array): FetchedBlock {
  return { ...decodeBlock(bytes), bytes };
}

/** @throws MalformedMessageError */
export function decodeChainInfo(bytes: Uint8Array): ChainInfo {
  const info = decodeMessage(common.BlockchainInfo, bytes);
  return {
    height: info.getHeight(),
    currentBlockHash: info.getCurrentblockhash_asU8(),
    previousBlockHash: info.getPreviousblockhash_asU8(),
  };
}

/**
 * Outcome of a transaction within its block. The first place counts: bytes that were submitted twice may stand in a
 * block twice, the second time as DUPLICATE_TXID.
 */
export function statusInBlock(block: FetchedBlock, transactionId: string): CommitStatus | undefined {
  const index = block.data.findIndex((envelope) => parseTransactionHeader(envelope).transactionId === transactionId);
  const code = block.validationCodes[index];
  return code === undefined ? undefined : commitStatus(code, block.header.number);
}

/** @param code - `peer.TxValidationCode`; one that is newer than our list gets a name by its number */
export function commitStatus(code: number, blockNumber: number): CommitStatus {
  return { isValid: code === VALIDATION_CODE.VALID, code, name: validationCodeName(code), blockNumber };
}

/** Whether this is how a peer's index says that it knows no such transaction (texts of Fabric 2.5 and 3.1). */
export function isUnknownTransaction(message: string): boolean {
  return /no such transaction|not found in index/i.test(message);
}
