import { SigningNode } from "../src/embedded/node-identity.ts";
import { serializeIdentity } from "../src/identity/index.ts";
import {
  buildProposal,
  buildResponsePayload,
  buildTransaction,
  type Endorsement,
  encodeReadWriteSet,
  type NamespaceReadWriteSet,
  type ProposalContent,
  parseProposal,
} from "../src/protocol/index.ts";
import type { Harness } from "./harness.ts";
import type { TestIdentity } from "./network.ts";

export type ForgedProposal = Partial<ProposalContent> & { signer?: TestIdentity; transactionId?: string };

/** A signed proposal of the harness's user, with whatever parts are given in place of the honest ones. */
export function signedProposal(harness: Harness, forged: ForgedProposal = {}) {
  const { signer = harness.user, ...content } = forged;
  const { proposalBytes, transactionId } = buildProposal({
    channelName: "gridpact",
    chaincodeName: "gridpact",
    args: ["counter:Add", '{"key":"a"}'].map((text) => Buffer.from(text)),
    creator: serializeIdentity(harness.user),
    nonce: harness.random.bytes(24),
    atUnixMs: harness.clock.nowUnixMs(),
    ...content,
  });
  return { proposalBytes, transactionId, signature: signer.key.sign(proposalBytes) };
}

export type ForgedTransaction = {
  /** Who endorses; the harness's first two peers if not given. */
  endorsers?: TestIdentity[];
  sets?: NamespaceReadWriteSet[];
  signer?: TestIdentity;
  endorsement?: (endorsement: Endorsement) => Endorsement;
  status?: number;
};

/** A signed transaction that no contract has seen: writes `forged` = 1 unless told otherwise. */
export function signedTransaction(harness: Harness, forged: ForgedTransaction = {}) {
  const { endorsers = harness.network.peers.slice(0, 2), signer = harness.user, status = 200 } = forged;
  const { proposalBytes, transactionId } = signedProposal(harness);
  const proposal = parseProposal(proposalBytes);
  const responsePayload = buildResponsePayload(proposal, {
    response: { status, message: "", payload: new Uint8Array() },
    readWriteSetBytes: encodeReadWriteSet(forged.sets ?? [writeSet("forged")]),
    event: undefined,
  });
  const endorsements = endorsers
    .map((endorser) => new SigningNode(endorser).endorse(responsePayload))
    .map(forged.endorsement ?? ((endorsement) => endorsement));
  const envelope = buildTransaction(proposal, responsePayload, endorsements);
  envelope.setSignature(signer.key.sign(envelope.getPayload_asU8()));
  return { transactionId, envelopeBytes: envelope.serializeBinary() };
}

/** Writes 1 to a key of the namespace, having read nothing. */
export function writeSet(key: string, namespace = "gridpact"): NamespaceReadWriteSet {
  const writes = [{ key, value: Buffer.from("1"), isDelete: false }];
  return { namespace, reads: [], writes, metadataWrites: [], collections: [] };
}
