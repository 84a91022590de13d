import { common, gateway, peer } from "@hyperledger/fabric-protos";
import { proposalHash } from "./proposal.ts";
import { accept, type Checked, refuse } from "./refusal.ts";

/** An endorsed transaction, as far as the device has to know it. */
export type ReadTransaction = { transactionId: string; proposalHashHex: string };

/** Status of a contract that agreed, as in HTTP. [Fabric shim.OK] */
const STATUS_OK = 200;

/**
 * Reads the bytes of the common.Payload of an endorsed transaction: one action, whose endorsed answer is to the very
 * proposal that the transaction carries, and in which the contract agreed.
 */
export function readTransaction(bytes: Uint8Array): Checked<ReadTransaction> {
  try {
    return checkTransaction(common.Payload.deserializeBinary(bytes));
  } catch {
    return refuse("malformed"); // The parsers' only way to say so is to throw; nothing here does I/O.
  }
}

function checkTransaction(payload: common.Payload): Checked<ReadTransaction> {
  const [action, ...others] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const header = payload.getHeader();
  if (header === undefined || action === undefined || others.length > 0) return refuse("malformed");
  const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const answer = peer.ProposalResponsePayload.deserializeBinary(
    actionPayload.getAction()?.getProposalResponsePayload_asU8() ?? new Uint8Array(),
  );
  const hash = Buffer.from(proposalHash(header, actionPayload.getChaincodeProposalPayload_asU8()));
  if (!hash.equals(answer.getProposalHash_asU8())) return refuse("response_mismatch");
  const result = peer.ChaincodeAction.deserializeBinary(answer.getExtension_asU8());
  if (result.getResponse()?.getStatus() !== STATUS_OK) return refuse("not_endorsed");
  const transactionId = common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()).getTxId();
  return accept({ transactionId, proposalHashHex: hash.toString("hex") });
}

/** Reads the bytes of a gateway.CommitStatusRequest: which transaction, on which channel. */
export function readCommitStatus(bytes: Uint8Array): Checked<{ transactionId: string; channelId: string }> {
  try {
    const request = gateway.CommitStatusRequest.deserializeBinary(bytes);
    return accept({ transactionId: request.getTransactionId(), channelId: request.getChannelId() });
  } catch {
    return refuse("malformed"); // As above.
  }
}
