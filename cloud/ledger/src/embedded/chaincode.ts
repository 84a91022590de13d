import { type Contract, JSONSerializer } from "fabric-contract-api";
import ChaincodeFromContract from "fabric-shim/lib/contract-spi/chaincodefromcontract.js";
import Stub from "fabric-shim/lib/stub.js";
import type { ChaincodeEvent, ChaincodeResponse, Collection } from "../protocol/index.ts";
import { quietenFabric } from "./quieten-fabric.ts";
import type { Simulator } from "./simulator.ts";

/** A contract of fabric-contract-api: its class, or an instance of it. */
export type ContractSource = Contract | (new () => Contract);

/** As the channel knows it by `name`; all of its contracts share one namespace of keys. */
export type ChaincodeDefinition = {
  name: string;
  contracts: readonly ContractSource[];
  collections?: readonly Collection[];
};

/** One run of one transaction function: proposal and signature as received, which contracts may look at. */
export type Invocation = {
  simulator: Simulator;
  channelName: string;
  transactionId: string;
  args: Uint8Array[];
  proposalBytes: Uint8Array;
  signature: Uint8Array;
  /** Organisation of the peer that runs the contract. */
  peerMspId: string;
};

/** Contracts, run in this process by the very code that runs them in a Fabric chaincode container. */
export class Chaincode {
  readonly name: string;
  readonly #runner: ChaincodeFromContract;

  constructor(definition: ChaincodeDefinition) {
    this.name = definition.name;
    this.#runner = new ChaincodeFromContract(definition.contracts.map(toClass), SERIALIZERS);
  }

  /** Runs one transaction function. What a contract throws becomes a response of status 500. */
  async invoke(invocation: Invocation): Promise<{ response: ChaincodeResponse; event: ChaincodeEvent | undefined }> {
    const stub = new EmbeddedStub(invocation);
    const { status, message = "", payload = new Uint8Array() } = await this.#runner.Invoke(stub);
    const event = stub.chaincodeEvent;
    return {
      response: { status, message, payload },
      event: event && { name: event.getEventName(), payload: event.getPayload_asU8() },
    };
  }
}

/** The real stub, over a simulator in place of the stream to a peer. */
class EmbeddedStub extends Stub {
  readonly #peerMspId: string;

  constructor(invocation: Invocation) {
    const { simulator, channelName, transactionId, args, proposalBytes, signature, peerMspId } = invocation;
    const input = { getArgsList_asU8: () => args };
    const signedProposal = { getSignature: () => signature, getProposalBytes: () => proposalBytes };
    super(simulator, channelName, transactionId, input, signedProposal);
    this.#peerMspId = peerMspId;
  }

  /** The real one reads an environment variable, of which there is one for all peers of this process. */
  override getMspID(): string {
    return this.#peerMspId;
  }
}

const SERIALIZERS = { transaction: "json", serializers: { json: JSONSerializer } };

/** ChaincodeFromContract makes the instances itself; a constructor that returns an object yields that object. */
function toClass(source: ContractSource): new () => Contract {
  if (typeof source === "function") return source;
  return function instance() {
    return source;
  } as unknown as new () => Contract;
}

// At import, not at the first use: a process that only knows of contracts must be able to fail, too.
quietenFabric();
