import { common, peer } from "@hyperledger/fabric-protos";
import { type ChaincodeResponse, decodeBlock } from "../protocol/index.ts";
import type { Channel } from "./channel.ts";

/** Name of the system chaincode that answers questions about the chain itself. */
export const SYSTEM_QUERY_CHAINCODE = "qscc";

/**
 * Answers like Fabric's query system chaincode: GetChainInfo, GetBlockByNumber, GetBlockByTxID, GetTransactionByID;
 * the first argument after the function is the channel.
 */
export async function answerSystemQuery(channel: Channel, args: readonly Uint8Array[]): Promise<ChaincodeResponse> {
  const [query = "", channelName = "", argument = ""] = args.map((arg) => Buffer.from(arg).toString());
  const answer = ANSWERS.get(query);
  if (answer === undefined) return failure(`Requested function ${query} not found.`);
  if (channelName !== channel.name) return failure(`Invalid chain ID, ${channelName}`);
  const payload = await answer(channel, argument);
  return payload === undefined
    ? failure(`Failed to ${query} ${argument}, error entry not found in index`)
    : { status: 200, message: "", payload };
}

const ANSWERS = new Map<string, (channel: Channel, argument: string) => Promise<Uint8Array | undefined>>([
  ["GetChainInfo", chainInfo],
  ["GetBlockByNumber", (channel, number) => channel.blockBytes(Number(number))],
  ["GetBlockByTxID", blockOf],
  ["GetTransactionByID", processedTransaction],
]);

async function chainInfo(channel: Channel): Promise<Uint8Array> {
  const info = new common.BlockchainInfo();
  const newest = await channel.blockBytes(channel.height() - 1);
  info.setHeight(channel.height());
  info.setCurrentblockhash(channel.headHash());
  if (newest !== undefined) info.setPreviousblockhash(decodeBlock(newest).header.previousHash);
  return info.serializeBinary();
}

async function blockOf(channel: Channel, transactionId: string): Promise<Uint8Array | undefined> {
  const place = channel.transaction(transactionId);
  return place && channel.blockBytes(place.blockNumber);
}

async function processedTransaction(channel: Channel, transactionId: string): Promise<Uint8Array | undefined> {
  const place = channel.transaction(transactionId);
  const bytes = place && (await channel.blockBytes(place.blockNumber));
  const envelope = bytes && decodeBlock(bytes).data[place.transactionIndex];
  if (place === undefined || envelope === undefined) return undefined;
  const processed = new peer.ProcessedTransaction();
  processed.setTransactionenvelope(common.Envelope.deserializeBinary(envelope));
  processed.setValidationcode(place.code);
  return processed.serializeBinary();
}

/** Fabric's own queries answer failures with status 500; clients look for the text. */
function failure(message: string): ChaincodeResponse {
  return { status: 500, message, payload: new Uint8Array() };
}
