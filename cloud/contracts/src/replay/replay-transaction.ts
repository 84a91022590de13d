/**
 * Runs a transaction of the ledger's past again, on the state before it: what it has to write follows from its
 * argument, its creator and that state alone, so whoever has the blocks can tell whether peers signed anything else.
 */
import { type SignatureVerifier, verifyZip215 } from "@gridpact/proto";
import type { Context, Contract } from "fabric-contract-api";
import { AccountsContract } from "../accounts/index.ts";
import { AnchorsContract } from "../anchors/index.ts";
import { ClaimsContract } from "../claims/index.ts";
import { ContractError } from "../contract-error.ts";
import { DisputesContract } from "../disputes/index.ts";
import { HedgesContract } from "../hedges/index.ts";
import { ProgrammesContract } from "../programmes/index.ts";
import { RegistryContract } from "../registry/index.ts";
import { Sc1Contract } from "../sc1/index.ts";
import { Sc2Contract } from "../sc2/index.ts";
import { SupplyContract } from "../supply/index.ts";
import { TimeContract } from "../time/index.ts";
import { SealedInputError, VerifyingContext } from "../transaction/index.ts";

/**
 * The contracts of the chaincode, for fabric-shim. Its `ChaincodeFromContract` appends to the array it is given, so
 * give it a copy. The name of each contract is the part before ":" in a transaction name.
 */
export const contracts: readonly (new () => Contract)[] = [
  RegistryContract,
  AnchorsContract,
  AccountsContract,
  Sc1Contract,
  Sc2Contract,
  TimeContract,
  ProgrammesContract,
  ClaimsContract,
  HedgesContract,
  DisputesContract,
  SupplyContract,
];

/**
 * The same contracts with another verifier of devices' signatures, such as a native library's: half of what a
 * settlement costs. Peers with different ones agree, as each MUST give the verdicts of ZIP-215.
 */
export function contractsVerifyingWith(verify: SignatureVerifier): readonly (new () => Contract)[] {
  return contracts.map((Class) => {
    // fabric-shim makes the instances itself and takes each method of their own prototype for a transaction: neither
    // a subclass nor a method can carry the verifier. A constructor that returns an object yields that object.
    const Verifying = function instance() {
      return Object.assign(new Class(), { createContext: () => new VerifyingContext(verify) });
    };
    return Verifying as unknown as new () => Contract;
  });
}

/** A transaction as its block has it. */
export type PastTransaction = {
  /** `contract:Transaction`. */
  readonly name: string;
  readonly argument: string;
  readonly transactionId: string;
  /** As its creator claimed it. */
  readonly claimedAtUnixMs: number;
  readonly creator: {
    readonly mspId: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly certificatePem: string;
  };
};

/**
 * What it has to write, undefined for a deletion, and to answer; or why it cannot have been possible. A sealed one had
 * private input, which no block has: it MUST NOT have written anything that is not private.
 */
export type Replay =
  | { readonly ok: "sealed" }
  | { readonly ok: true; readonly writes: ReadonlyMap<string, string | undefined>; readonly result: string }
  | { readonly ok: false; readonly refusal: string };

/**
 * @param stateOf - Value of a key before the transaction; undefined where there was none
 * @param verify - Verifier of devices' signatures, with the verdicts of ZIP-215
 */
export async function replayTransaction(
  transaction: PastTransaction,
  stateOf: (key: string) => string | undefined,
  verify: SignatureVerifier = verifyZip215,
): Promise<Replay> {
  const method = METHODS.get(transaction.name);
  if (method === undefined) return { ok: false, refusal: `there is no transaction ${transaction.name}` };
  const { context, writes } = contextOf(transaction, { stateOf, verify });
  try {
    return { ok: true, result: await method(context, transaction.argument), writes };
  } catch (error) {
    if (error instanceof SealedInputError) return { ok: "sealed" };
    // On a state that was tampered with even assertions of the contracts fail: it cannot have been, either.
    if (!(error instanceof Error)) throw error;
    return { ok: false, refusal: error instanceof ContractError ? error.message : `${error.name}: ${error.message}` };
  }
}

type Method = (context: Context, argument: string) => Promise<string>;

/** Every transaction by its name: fabric-shim, too, takes each method of a contract for one. */
const METHODS: ReadonlyMap<string, Method> = new Map(
  contracts.flatMap((Class) => {
    const contract = new Class();
    const names = Object.getOwnPropertyNames(Class.prototype).filter((name) => name !== "constructor");
    return names.map((name): [string, Method] => {
      const method = (contract as unknown as Record<string, Method>)[name] as Method;
      return [`${contract.getName()}:${name}`, (context, argument) => method.call(contract, context, argument)];
    });
  }),
);

/** The part of Fabric's context that the contracts use, over a state that was. */
function contextOf(
  transaction: PastTransaction,
  { stateOf, verify }: { stateOf: (key: string) => string | undefined; verify: SignatureVerifier },
) {
  const { transactionId, claimedAtUnixMs, creator } = transaction;
  const writes = new Map<string, string | undefined>();
  const seconds = Math.floor(claimedAtUnixMs / 1_000);
  const stub = {
    getTxID: () => transactionId,
    getTxTimestamp: () => ({ seconds, nanos: (claimedAtUnixMs % 1_000) * 1_000_000 }),
    getState: async (key: string) => Buffer.from(stateOf(key) ?? ""),
    putState: async (key: string, value: Buffer) => void writes.set(key, value.toString("utf8")),
    deleteState: async (key: string) => void writes.set(key, undefined),
    setEvent: () => undefined,
    getTransient: () => {
      throw new SealedInputError();
    },
    // Policies of keys are no values: the validating peers hold them, and the block's endorsements show them kept.
    setStateValidationParameter: async () => undefined,
  };
  const clientIdentity = {
    getMSPID: () => creator.mspId,
    getAttributeValue: (name: string) => creator.attributes[name] ?? null,
    getIDBytes: () => Buffer.from(creator.certificatePem),
  };
  const context = Object.assign(new VerifyingContext(verify), { stub, clientIdentity }) as unknown as Context;
  return { context, writes };
}
