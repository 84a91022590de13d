import { gateway, peer } from "@hyperledger/fabric-protos";
import { decodeBlock, parseTransaction, VALIDATION_CODE } from "../protocol/index.ts";
import type { Channel } from "./channel.ts";

/** Where a stream begins; a transaction that was seen counts before a block number. */
export type EventRequest = {
  chaincodeName: string;
  /** First block of interest; without it only blocks that are still to come. */
  startBlock: number | undefined;
  /** Only what comes after this transaction; empty for everything. */
  afterTransactionId: string;
};

/** Events of the valid transactions, block by block and without end; blocks without such events are left out. */
export async function* chaincodeEventsOf(
  channel: Channel,
  request: EventRequest,
): AsyncGenerator<gateway.ChaincodeEventsResponse> {
  const after = channel.transaction(request.afterTransactionId);
  for (let number = after?.blockNumber ?? request.startBlock ?? channel.height(); ; number++) {
    // One block at a time, read when the consumer asks for it: a slow one holds back nobody and nothing piles up.
    await channel.whenHigherThan(number);
    const bytes = await channel.blockBytes(number);
    const skipped = after?.blockNumber === number ? after.transactionIndex + 1 : 0;
    const events = bytes === undefined || number === 0 ? [] : eventsIn(bytes, request.chaincodeName, skipped);
    if (events.length === 0) continue;
    const response = new gateway.ChaincodeEventsResponse();
    response.setBlockNumber(number);
    response.setEventsList(events);
    yield response;
  }
}

function eventsIn(blockBytes: Uint8Array, chaincodeName: string, skippedTransactions: number): peer.ChaincodeEvent[] {
  const block = decodeBlock(blockBytes);
  return block.data.flatMap((envelope, index) => {
    const isOfInterest = index >= skippedTransactions && block.validationCodes[index] === VALIDATION_CODE.VALID;
    const transaction = isOfInterest ? parseTransaction(envelope) : undefined;
    const event = transaction?.header.chaincodeName === chaincodeName ? transaction.event : undefined;
    if (transaction === undefined || event === undefined) return [];
    const message = new peer.ChaincodeEvent();
    message.setChaincodeId(chaincodeName);
    message.setTxId(transaction.header.transactionId);
    message.setEventName(event.name);
    message.setPayload(event.payload);
    return [message];
  });
}
