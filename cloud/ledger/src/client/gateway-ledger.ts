import { type Clock, type Random, type SigningKey, sleep } from "@gridpact/host";
import type { CallOptions } from "@grpc/grpc-js";
import { type ConnectOptions, connect, type Gateway, hash, type Proposal } from "@hyperledger/fabric-gateway";
import { gateway as messages } from "@hyperledger/fabric-protos";
import { serializeIdentity } from "../identity/index.ts";
import { buildProposal, NONCE_BYTES } from "../protocol/index.ts";
import { decodeResult, encodeArgument, type LedgerArgument } from "./argument.ts";
import {
  commitStatus,
  decodeChainInfo,
  decodeFetchedBlock,
  isUnknownTransaction,
  QUERY_SYSTEM_CHAINCODE,
  statusInBlock,
} from "./block-queries.ts";
import type {
  ChainInfo,
  CommitStatus,
  Committed,
  EvaluateOptions,
  FetchedBlock,
  Ledger,
  LedgerEvent,
  OfflineCreator,
  PreparedTransaction,
  PrepareOptions,
} from "./ledger.ts";
import {
  CommitError,
  CommitStatusError,
  EndorseError,
  EvaluateError,
  EventsError,
  SubmitError,
} from "./ledger-error.ts";
import { verifiedSigner } from "./verified-signer.ts";

/** One channel and chaincode for the whole system. */
export const CHANNEL_NAME = "gridpact";
/** As it is committed on the channel: a network with another name is another system. */
export const CHAINCODE_NAME = "gridpact";

/** Who signs; real networks take Ed25519 clients from capability V3_0 on. */
export type LedgerIdentity = { mspId: string; certificatePem: string; key: Pick<SigningKey, "sign"> };

export type GatewayLedgerOptions = {
  /** A gRPC client, or an object within the process that answers the same calls. */
  client: ConnectOptions["client"];
  identity: LedgerIdentity;
  /**
   * Called for each unary call, to give it a deadline. A client over a network SHOULD have one: without it, a call on
   * a connection that went silent waits for ever. In the simulation there are none, as gRPC's run on real time.
   */
  callOptions?: () => CallOptions;
  /**
   * How often a contract's refusal is asked for again before it is believed, and how long after. A network has peers
   * that lag behind each other by a block or two: what one organisation has just committed, the other's peer may not
   * know yet, and refuses what follows from it. The embedded ledger is one peer and needs none.
   */
  refusals?: { repeats: number; delayMs: number };
};

/** For a Fabric network: two seconds, several blocks of a busy machine. */
export const NETWORK_REFUSALS: Required<GatewayLedgerOptions>["refusals"] = { repeats: 8, delayMs: 250 };

/** The random draws nonces, and with them transaction ids; the clock states when a proposal was made. */
export type GatewayLedgerModules = { random: Random; clock: Clock };

/** gRPC status of the gateway when peers refused, or came to different results. */
const ABORTED = 10;

type Request = {
  chaincodeName: string;
  creator: Uint8Array;
  args: (string | Uint8Array)[];
} & PrepareOptions;

/**
 * The ledger through the unmodified Fabric Gateway client. Only the proposal is built here: the client would draw
 * nonce and time itself, so that no two runs of a simulation would agree.
 */
export class GatewayLedger implements Ledger {
  readonly #gateway: Gateway;
  readonly #identity: LedgerIdentity;
  readonly #creator: Uint8Array;
  readonly #modules: GatewayLedgerModules;
  readonly #refusals: Required<GatewayLedgerOptions>["refusals"];

  constructor(options: GatewayLedgerOptions, modules: GatewayLedgerModules) {
    const { client, identity, callOptions, refusals = { repeats: 0, delayMs: 0 } } = options;
    this.#refusals = refusals;
    this.#identity = identity;
    this.#creator = serializeIdentity(identity);
    this.#modules = modules;
    this.#gateway = connect({
      client,
      identity: { mspId: identity.mspId, credentials: Buffer.from(identity.certificatePem) },
      // Ed25519 signs the message itself, so every "digest" is the message.
      hash: hash.none,
      signer: async (message) => identity.key.sign(message),
      ...(callOptions && {
        evaluateOptions: callOptions,
        endorseOptions: callOptions,
        submitOptions: callOptions,
        commitStatusOptions: callOptions,
      }),
    });
  }

  async evaluate(transaction: string, argument: LedgerArgument, options: EvaluateOptions = {}): Promise<unknown> {
    const args = [transaction, encodeArgument(argument)];
    return this.#evaluate({ chaincodeName: CHAINCODE_NAME, creator: this.#creator, args, ...options }, decodeResult);
  }

  prepare(transaction: string, argument: LedgerArgument, options: PrepareOptions = {}): Promise<PreparedTransaction> {
    const args = [transaction, encodeArgument(argument)];
    return this.#untilBelieved(() => {
      const proposal = this.#propose({ chaincodeName: CHAINCODE_NAME, creator: this.#creator, args, ...options });
      return this.#endorse(proposal, transaction, async (_stage, message) => this.#identity.key.sign(message));
    });
  }

  prepareOffline(creator: OfflineCreator, transaction: string, argument: LedgerArgument): Promise<PreparedTransaction> {
    return this.#untilBelieved(() => this.#prepareOffline(creator, transaction, argument));
  }

  async #prepareOffline(
    creator: OfflineCreator,
    transaction: string,
    argument: LedgerArgument,
  ): Promise<PreparedTransaction> {
    const creatorBytes = serializeIdentity(creator);
    const args = [transaction, encodeArgument(argument)];
    const proposal = this.#propose({ chaincodeName: CHAINCODE_NAME, creator: creatorBytes, args });
    const transactionId = proposal.getTransactionId();
    const sign = verifiedSigner(creator, transactionId);
    const prepared = await this.#endorse(proposal, transaction, sign);
    const request = commitRequest(transactionId, creatorBytes);
    const signature = await sign("commitStatus", this.#gateway.newCommit(request).getDigest());
    return { ...prepared, commitRequest: this.#gateway.newSignedCommit(request, signature).getBytes() };
  }

  async submit({ transactionId, bytes }: Pick<PreparedTransaction, "transactionId" | "bytes">): Promise<void> {
    try {
      await this.#gateway.newTransaction(bytes).submit();
    } catch (cause) {
      throw new SubmitError(transactionId, cause);
    }
  }

  async commitStatus(transactionId: string, signedRequest?: Uint8Array): Promise<CommitStatus> {
    const request = signedRequest ?? commitRequest(transactionId, this.#creator);
    try {
      const status = await this.#gateway.newCommit(request).getStatus();
      return commitStatus(status.code, Number(status.blockNumber));
    } catch (cause) {
      throw new CommitStatusError(transactionId, cause);
    }
  }

  async findTransaction(transactionId: string): Promise<CommitStatus | undefined> {
    try {
      return statusInBlock(await this.blockByTransaction(transactionId), transactionId);
    } catch (error) {
      if (error instanceof EvaluateError && isUnknownTransaction(error.message)) return undefined;
      throw error;
    }
  }

  async execute(transaction: string, argument: LedgerArgument, options: PrepareOptions = {}): Promise<Committed> {
    const prepared = await this.prepare(transaction, argument, options);
    await this.submit(prepared);
    const { transactionId, result } = prepared;
    const status = await this.commitStatus(transactionId);
    if (!status.isValid) throw new CommitError(transactionId, status);
    return { transactionId, blockNumber: status.blockNumber, result };
  }

  block(blockNumber: number): Promise<FetchedBlock> {
    return this.#query("GetBlockByNumber", [String(blockNumber)], decodeFetchedBlock);
  }

  blockByTransaction(transactionId: string): Promise<FetchedBlock> {
    return this.#query("GetBlockByTxID", [transactionId], decodeFetchedBlock);
  }

  chainInfo(): Promise<ChainInfo> {
    return this.#query("GetChainInfo", [], decodeChainInfo);
  }

  async *events(fromBlock: number): AsyncGenerator<LedgerEvent> {
    const network = this.#gateway.getNetwork(CHANNEL_NAME);
    try {
      const stream = await network.getChaincodeEvents(CHAINCODE_NAME, { startBlock: BigInt(fromBlock) });
      try {
        for await (const { blockNumber, transactionId, eventName, payload } of stream) {
          yield { blockNumber: Number(blockNumber), transactionId, name: eventName, payload: decodeResult(payload) };
        }
      } finally {
        stream.close();
      }
    } catch (cause) {
      throw new EventsError(cause);
    }
  }

  #query<T>(name: string, args: string[], decode: (bytes: Uint8Array) => T): Promise<T> {
    const request = {
      chaincodeName: QUERY_SYSTEM_CHAINCODE,
      creator: this.#creator,
      args: [name, CHANNEL_NAME, ...args],
    };
    return this.#evaluate(request, decode);
  }

  async #evaluate<T>(request: Request, decode: (bytes: Uint8Array) => T): Promise<T> {
    const proposal = this.#propose(request);
    try {
      return decode(await proposal.evaluate());
    } catch (cause) {
      throw new EvaluateError(proposal.getTransactionId(), cause);
    }
  }

  #propose({ chaincodeName, creator, args, transientMap, endorsingOrganisations }: Request): Proposal {
    const { random, clock } = this.#modules;
    const built = buildProposal({
      channelName: CHANNEL_NAME,
      chaincodeName,
      args: args.map((argument) => Buffer.from(argument)),
      creator,
      nonce: random.bytes(NONCE_BYTES),
      atUnixMs: clock.nowUnixMs(),
      ...(transientMap && { transientMap }),
      ...(endorsingOrganisations && { endorsingOrganisations }),
    });
    return this.#gateway.newProposal(built.proposedTransactionBytes);
  }

  /** Asks again for what a contract refused, or peers did not agree on, as often as that is not believed. */
  async #untilBelieved(prepare: () => Promise<PreparedTransaction>): Promise<PreparedTransaction> {
    for (let repeats = 0; ; repeats++) {
      try {
        return await prepare();
      } catch (error) {
        const mayPass = error instanceof EndorseError && error.status === ABORTED;
        if (!mayPass || repeats >= this.#refusals.repeats) throw error;
        await sleep(this.#modules.clock, this.#refusals.delayMs);
      }
    }
  }

  /** Signs the proposal, has it endorsed, signs the transaction. */
  async #endorse(proposal: Proposal, transaction: string, sign: OfflineCreator["sign"]): Promise<PreparedTransaction> {
    const transactionId = proposal.getTransactionId();
    const proposalSignature = await sign("proposal", proposal.getDigest());
    const endorsed = await this.#gateway
      .newSignedProposal(proposal.getBytes(), proposalSignature)
      .endorse()
      .catch((cause: unknown) => {
        throw new EndorseError(transactionId, cause);
      });
    const signature = await sign("transaction", endorsed.getDigest());
    const bytes = this.#gateway.newSignedTransaction(endorsed.getBytes(), signature).getBytes();
    return { transactionId, transaction, bytes, result: resultOf(transactionId, endorsed.getResult()) };
  }
}

/** `SignedCommitStatusRequest` bytes, still unsigned. */
function commitRequest(transactionId: string, creator: Uint8Array): Uint8Array {
  const request = new messages.CommitStatusRequest();
  request.setChannelId(CHANNEL_NAME);
  request.setTransactionId(transactionId);
  request.setIdentity(creator);
  const signed = new messages.SignedCommitStatusRequest();
  signed.setRequest(request.serializeBinary());
  return signed.serializeBinary();
}

function resultOf(transactionId: string, bytes: Uint8Array): unknown {
  try {
    return decodeResult(bytes);
  } catch (cause) {
    throw new EndorseError(transactionId, cause);
  }
}
