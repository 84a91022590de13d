import type { Clock } from "@gridpact/host";
import { common } from "@hyperledger/fabric-protos";
import { isSignedBy, type Member } from "../identity/index.ts";
import { type ParsedProposal, parseProposal, transactionIdOf } from "../protocol/index.ts";
import { MalformedMessageError } from "../wire/index.ts";
import type { Channel } from "./channel.ts";

/** `peer.SignedProposal` as received; nobody has checked either. */
export type SignedProposal = { proposalBytes: Uint8Array; signature: Uint8Array };

/** Why a proposal is not answered. */
export type ProposalRefusal =
  | "PROPOSAL_MALFORMED"
  | "CHANNEL_UNKNOWN"
  | "CHAINCODE_UNKNOWN"
  | "CREATOR_REFUSED"
  | "SIGNATURE_INVALID"
  | "TRANSACTION_ID_MISMATCH"
  | "TRANSACTION_ID_USED"
  | "TIMESTAMP_SKEWED"
  | "ENDORSERS_UNAVAILABLE"
  | "RESULTS_DIFFER";

/** `text` goes to the client, so it says nothing that only members may know. */
export type RefusedProposal = { kind: "refused"; reason: ProposalRefusal; text: string };

/** A proposal whose creator is known and whose signature is genuine. */
export type CheckedProposal = SignedProposal & { proposal: ParsedProposal; creator: Member };

/** A client's clock may differ from the ledger's by this much, as in Fabric: contracts use the client's time. */
export const PROPOSAL_SKEW_MS_MAX_DEFAULT = 15 * 60 * 1000;

/**
 * The checks of a proposal that come before the contract, cheap ones first: who is no member gets no signature
 * verified, and only who signed gets a contract run.
 */
export class ProposalChecker {
  readonly #channel: Channel;
  readonly #chaincodeNames: ReadonlySet<string>;
  readonly #skewMsMax: number;
  readonly #clock: Clock;

  constructor(
    options: { channel: Channel; chaincodeNames: Iterable<string>; proposalSkewMsMax: number },
    modules: { clock: Clock },
  ) {
    this.#channel = options.channel;
    this.#skewMsMax = options.proposalSkewMsMax;
    this.#chaincodeNames = new Set(options.chaincodeNames);
    this.#clock = modules.clock;
  }

  /** Says whose proposal it is, or why it is refused. */
  check(signed: SignedProposal): { ok: true; checked: CheckedProposal } | { ok: false; refusal: RefusedProposal } {
    const proposal = tryParse(signed.proposalBytes);
    if (proposal === undefined) return refuse("PROPOSAL_MALFORMED", "the proposal is not well-formed");
    const refusal = this.#headerRefusal(proposal);
    if (refusal !== undefined) return refusal;
    const verdict = this.#channel.rules.membership.identify(proposal.creator, this.#clock.nowUnixMs());
    if (!verdict.ok) return refuse("CREATOR_REFUSED", `creator's identity refused: ${verdict.reason}`);
    if (!isSignedBy(verdict.member.publicKey, signed.proposalBytes, signed.signature)) {
      return refuse("SIGNATURE_INVALID", "the creator's signature over the proposal is not valid");
    }
    return { ok: true, checked: { ...signed, proposal, creator: verdict.member } };
  }

  #headerRefusal(proposal: ParsedProposal): ReturnType<typeof refuse> | undefined {
    if (proposal.type !== common.HeaderType.ENDORSER_TRANSACTION || proposal.epoch !== 0) {
      return refuse("PROPOSAL_MALFORMED", "not the header of an endorser transaction");
    }
    if (proposal.channelName !== this.#channel.name) return refuse("CHANNEL_UNKNOWN", "no such channel here");
    // The name stands in the header and in the payload: what is checked and what is run must be the same.
    const isKnown = this.#chaincodeNames.has(proposal.chaincodeName);
    if (!isKnown || proposal.invokedChaincodeName !== proposal.chaincodeName) {
      return refuse("CHAINCODE_UNKNOWN", `no chaincode ${proposal.chaincodeName} on this channel`);
    }
    const { transactionId, nonce, creator } = proposal;
    if (nonce.length === 0 || transactionId !== transactionIdOf(nonce, creator)) {
      return refuse("TRANSACTION_ID_MISMATCH", "the transaction id is not the hash of nonce and creator");
    }
    if (this.#channel.transaction(transactionId) !== undefined) {
      return refuse("TRANSACTION_ID_USED", `duplicate transaction found [${transactionId}]`);
    }
    // A contract that asks for the time gets the proposal's: a client must not choose it freely. [CVE-2024-45244]
    const skewMs = Math.abs(proposal.atUnixMs - this.#clock.nowUnixMs());
    return skewMs > this.#skewMsMax
      ? refuse("TIMESTAMP_SKEWED", "the proposal's timestamp is too far from the ledger's time")
      : undefined;
  }
}

function refuse(reason: ProposalRefusal, text: string): { ok: false; refusal: RefusedProposal } {
  return { ok: false, refusal: { kind: "refused", reason, text } };
}

function tryParse(proposalBytes: Uint8Array): ParsedProposal | undefined {
  try {
    return parseProposal(proposalBytes);
  } catch (error) {
    if (error instanceof MalformedMessageError) return undefined;
    throw error;
  }
}
