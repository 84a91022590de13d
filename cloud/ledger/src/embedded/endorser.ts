import type { Clock } from "@gridpact/host";
import type { common } from "@hyperledger/fabric-protos";
import type { Collections } from "../protocol/index.ts";
import {
  buildResponsePayload,
  buildTransaction,
  CHAINCODE_ERROR_STATUS,
  type ChaincodeResponse,
  type CollectionReadWriteSet,
  encodePrivateWrites,
  encodeReadWriteSet,
  type SimulationResult,
} from "../protocol/index.ts";
import type { Chaincode } from "./chaincode.ts";
import type { Channel } from "./channel.ts";
import type { SigningNode } from "./node-identity.ts";
import {
  type CheckedProposal,
  ProposalChecker,
  type ProposalRefusal,
  type RefusedProposal,
  type SignedProposal,
} from "./proposal-checker.ts";
import { Simulator } from "./simulator.ts";
import { answerSystemQuery, SYSTEM_QUERY_CHAINCODE } from "./system-queries.ts";
import { KEY_POLICY } from "./validator.ts";
import { publicStore } from "./world-state.ts";

/** The contract, or the query, answered that it will not. */
export type ContractRefusal = { kind: "contract-refused"; response: ChaincodeResponse };

/** A contract's refusal and the peers' are told apart: clients believe only the first for good. */
export type EvaluationOutcome = { kind: "evaluated"; response: ChaincodeResponse } | ContractRefusal | RefusedProposal;

/** `envelope` is the transaction, for its creator to sign and submit. */
export type EndorsementOutcome = { kind: "endorsed"; envelope: common.Envelope } | ContractRefusal | RefusedProposal;

/** `peers` in the order in which they are asked, after those of the caller's own organisation. */
export type EndorserOptions = {
  channel: Channel;
  chaincodes: ReadonlyMap<string, Chaincode>;
  peers: readonly SigningNode[];
  endorsingOrganisationsMin: number;
  /**
   * Whether each endorsing peer runs the contract itself, so that a contract whose result depends on anything but
   * state and arguments is found out. Twice the work: for tests of contracts.
   */
  isRunByEachPeer: boolean;
  /**
   * How far the time of a proposal may be from the ledger's, ms. An accelerated clock needs more than the default when
   * that much of its time passes while a call is on its way.
   */
  proposalSkewMsMax: number;
};

const NO_WANTED_PEER: RefusedProposal = {
  kind: "refused",
  reason: "ENDORSERS_UNAVAILABLE",
  text: "no peer of a wanted organisation",
};

/**
 * Answers proposals: checks them, runs the contract and, for a transaction, has the peers sign the result.
 * ```
 * signed proposal -> check -> contract on a snapshot -> read/write set, response, event
 *                      |            |                        |
 *                   refused   contract refused     private writes kept, then signatures -> transaction to sign
 * ```
 * Nothing here changes the state: an endorsed transaction that is never submitted has never been.
 */
export class Endorser {
  readonly #options: EndorserOptions;
  readonly #checker: ProposalChecker;

  constructor(options: EndorserOptions, modules: { clock: Clock }) {
    const { channel, chaincodes, proposalSkewMsMax } = options;
    this.#options = options;
    this.#checker = new ProposalChecker(
      { channel, chaincodeNames: [...chaincodes.keys(), SYSTEM_QUERY_CHAINCODE], proposalSkewMsMax },
      modules,
    );
  }

  /** With organisations given, a peer of theirs answers; otherwise the one that is nearest to the caller. */
  async evaluate(signed: SignedProposal, organisations: readonly string[]): Promise<EvaluationOutcome> {
    const verdict = this.#checker.check(signed);
    if (!verdict.ok) return verdict.refusal;
    const { mspId } = verdict.checked.creator;
    const [peer] = organisations.length === 0 ? this.#peersNearestTo(mspId) : this.#peersOf(organisations);
    if (peer === undefined && organisations.length > 0) return NO_WANTED_PEER;
    const response = await this.#answer(verdict.checked, peer);
    const kind = response.status >= CHAINCODE_ERROR_STATUS ? "contract-refused" : "evaluated";
    return { kind, response };
  }

  /** With organisations given, their peers endorse; otherwise as many as the policies of what is written ask for. */
  async endorse(signed: SignedProposal, organisations: readonly string[]): Promise<EndorsementOutcome> {
    const verdict = this.#checker.check(signed);
    if (!verdict.ok) return verdict.refusal;
    const { checked } = verdict;
    const chaincode = this.#options.chaincodes.get(checked.proposal.chaincodeName);
    if (chaincode === undefined) return refusal("CHAINCODE_UNKNOWN", "a system query cannot be endorsed");
    const { mspId } = checked.creator;
    const candidates = organisations.length === 0 ? this.#peersNearestTo(mspId) : this.#peersOf(organisations);
    const [first] = candidates;
    if (first === undefined) return NO_WANTED_PEER;
    const simulated = await this.#simulate(checked, chaincode, { isEvaluation: false, peer: first });
    const { result, privateBytes } = simulated;
    if (result.response.status >= CHAINCODE_ERROR_STATUS)
      return { kind: "contract-refused", response: result.response };
    const peers = this.#endorsersOf(simulated, candidates, organisations.length > 0);
    const responsePayload = buildResponsePayload(checked.proposal, result);
    if (this.#options.isRunByEachPeer && !(await this.#doOthersAgree(checked, chaincode, peers, responsePayload))) {
      return refusal("RESULTS_DIFFER", "ProposalResponsePayloads do not match: the contract is not deterministic");
    }
    // Before anyone can submit: a transaction in a block whose private values are nowhere would be a hole for ever.
    if (privateBytes !== undefined) {
      await this.#options.channel.keepPrivate(checked.proposal.transactionId, privateBytes);
    }
    const endorsements = peers.map((peer) => peer.endorse(responsePayload));
    return { kind: "endorsed", envelope: buildTransaction(checked.proposal, responsePayload, endorsements) };
  }

  async #answer(checked: CheckedProposal, peer: SigningNode | undefined): Promise<ChaincodeResponse> {
    const { channel, chaincodes } = this.#options;
    const chaincode = chaincodes.get(checked.proposal.chaincodeName);
    if (chaincode === undefined) return answerSystemQuery(channel, checked.proposal.args);
    const { result } = await this.#simulate(checked, chaincode, { isEvaluation: true, peer });
    return result.response;
  }

  /** All peers; those of the caller's own organisation first, as its members ask at their own gateway. */
  #peersNearestTo(mspId: string): readonly SigningNode[] {
    const { peers } = this.#options;
    return [...peers.filter((peer) => peer.mspId === mspId), ...peers.filter((peer) => peer.mspId !== mspId)];
  }

  /** Empty when a wanted organisation has no peer here: its endorsement was asked for, so nobody else's will do. */
  #peersOf(organisations: readonly string[]): readonly SigningNode[] {
    const chosen = this.#options.peers.filter((peer) => organisations.includes(peer.mspId));
    return organisations.every((mspId) => chosen.some((peer) => peer.mspId === mspId)) ? chosen : [];
  }

  /**
   * Who signs a result. A peer that has not the private values that were read would come to no result and is left out,
   * which may leave too few for the policy: the transaction is then found invalid, as on a Fabric network.
   */
  #endorsersOf(simulated: Simulated, candidates: readonly SigningNode[], areWanted: boolean): readonly SigningNode[] {
    const able = candidates.filter((peer) => simulated.ableMspIds?.has(peer.mspId) ?? true);
    // Where something written has a policy of its own, whoever it asks for is among all peers.
    const isAllNeeded = areWanted || simulated.writesUnderOwnPolicy;
    return isAllNeeded ? able : able.slice(0, this.#options.endorsingOrganisationsMin);
  }

  async #simulate(
    { proposal, creator, proposalBytes, signature }: CheckedProposal,
    chaincode: Chaincode,
    run: { isEvaluation: boolean; peer: SigningNode | undefined },
  ): Promise<Simulated> {
    const { channel } = this.#options;
    const collections = channel.collectionsOf(chaincode.name);
    const snapshot = channel.state.openSnapshot();
    try {
      const simulator = new Simulator({
        snapshot,
        namespace: chaincode.name,
        collections,
        creatorMspId: creator.mspId,
        peerMspId: run.peer?.mspId ?? "",
        isEvaluation: run.isEvaluation,
        history: (key) => channel.keyHistory(chaincode.name, key),
      });
      const { response, event } = await chaincode.invoke({
        simulator,
        channelName: channel.name,
        transactionId: proposal.transactionId,
        args: proposal.args,
        proposalBytes,
        signature,
        peerMspId: run.peer?.mspId ?? "",
      });
      const privateWrites = simulator.privateWrites();
      const set = simulator.readWriteSet();
      const hasKeyPolicy = ({ key }: { key: string }) =>
        snapshot.get(publicStore(chaincode.name), key)?.metadata.has(KEY_POLICY) === true;
      const hasCollectionPolicy = ({ collection, writes }: CollectionReadWriteSet) =>
        writes.length > 0 && collections.named(collection)?.endorsementPolicy !== undefined;
      return {
        result: { response, event, readWriteSetBytes: encodeReadWriteSet([set]) },
        writesUnderOwnPolicy:
          [...set.writes, ...set.metadataWrites].some(hasKeyPolicy) || set.collections.some(hasCollectionPolicy),
        ableMspIds: membersOfAll(simulator.collectionsReadPlain(), collections),
        privateBytes: privateWrites.length === 0 ? undefined : encodePrivateWrites(chaincode.name, privateWrites),
      };
    } finally {
      snapshot.close();
    }
  }

  /** Whether the contract gives every other peer, which runs it by itself, the same bytes to sign. */
  async #doOthersAgree(
    checked: CheckedProposal,
    chaincode: Chaincode,
    peers: readonly SigningNode[],
    responsePayload: Uint8Array,
  ): Promise<boolean> {
    for (const peer of peers.slice(1)) {
      const { result } = await this.#simulate(checked, chaincode, { isEvaluation: false, peer });
      if (!Buffer.from(buildResponsePayload(checked.proposal, result)).equals(responsePayload)) return false;
    }
    return true;
  }
}

type Simulated = {
  result: SimulationResult;
  privateBytes: Uint8Array | undefined;
  /** Whether a key or collection is written that has an endorsement policy of its own. */
  writesUnderOwnPolicy: boolean;
  /** Organisations whose peers have the private values that were read; undefined when none were. */
  ableMspIds: ReadonlySet<string> | undefined;
};

function membersOfAll(names: ReadonlySet<string>, collections: Collections): ReadonlySet<string> | undefined {
  const members = [...names].map((name) => collections.named(name)?.memberMspIds ?? []);
  const [first, ...others] = members;
  return first && new Set(first.filter((mspId) => others.every((own) => own.includes(mspId))));
}

function refusal(reason: ProposalRefusal, text: string): RefusedProposal {
  return { kind: "refused", reason, text };
}
