import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { canonicalJson } from "@gridpact/settlement";
import { JSONSerializer } from "fabric-contract-api";
import { type ContractErrorCode, contractErrorCode, contracts } from "../src/index.ts";
import type { Identity } from "./certificate.ts";

type Response = { status: number; message?: string; payload?: Uint8Array };
type Chaincode = { Invoke(stub: MemoryStub): Promise<Response> };

const require = createRequire(import.meta.url);
// It has no types, and is how fabric-shim itself runs contracts behind a peer.
const ChaincodeFromContract: new (
  ...modules: unknown[]
) => Chaincode = require("fabric-shim/lib/contract-spi/chaincodefromcontract.js");
// Its loggers exist only now; a refusal is what most tests are about, and no line in the output.
require("fabric-shim/lib/logger").setLevel("CRITICAL");

type Version = { readonly value: string; readonly version: number };

/** What a peer endorses: the answer, what it rests on, and what it would change. */
export type Endorsement = {
  readonly transactionId: string;
  readonly status: number;
  readonly message: string;
  readonly payload: string;
  /** Version of each key read; 0 where there was none. */
  readonly reads: ReadonlyMap<string, number>;
  readonly ranges: number;
  /** Undefined deletes. */
  readonly writes: ReadonlyMap<string, string | undefined>;
  readonly event: { name: string; payload: string } | undefined;
  /** Endorsement policies that keys get, in hex. */
  readonly policies: ReadonlyMap<string, string>;
  /** Private values, by `collection/key`. */
  readonly secrets: ReadonlyMap<string, string>;
};

/** A transaction as a client proposes it. */
export type Proposal = { name: string; args: string[]; atUnixMs: number; transient?: ReadonlyMap<string, string> };

/** A transaction that the chaincode refused, or that lost against another in MVCC validation. */
export class Refusal extends Error {
  readonly code: ContractErrorCode | "MVCC_READ_CONFLICT" | undefined;

  constructor(message: string) {
    super(message);
    this.code = message === "MVCC_READ_CONFLICT" ? message : contractErrorCode(message);
  }
}

/**
 * A ledger in memory that is as strict as Fabric: a transaction does not see its own writes, reads are validated
 * against the state at commit, and the contracts run through fabric-shim.
 */
export class MemoryLedger {
  readonly #state = new Map<string, Version>();
  /** Private values as a peer of a member has them, by `collection/key`. */
  readonly #secrets = new Map<string, string>();
  readonly #chaincode: Chaincode;
  #transactions = 0;
  #commits = 0;
  readonly events: { name: string; payload: string }[] = [];

  constructor(served: typeof contracts = contracts) {
    const serializers = { transaction: "json", serializers: { json: JSONSerializer } };
    this.#chaincode = new ChaincodeFromContract([...served], serializers, {}, "gridpact", "0");
  }

  /** Runs a transaction without committing it. */
  async endorse(caller: Identity, call: Proposal): Promise<Endorsement> {
    const transactionId = createHash("sha256")
      .update(`transaction ${this.#transactions++}`)
      .digest("hex");
    const stub = new MemoryStub({ ...call, transactionId, caller, state: this.#state, secrets: this.#secrets });
    const { status, message, payload } = await this.#chaincode.Invoke(stub);
    return {
      transactionId,
      status,
      message: message ?? "",
      payload: Buffer.from(payload ?? []).toString(),
      reads: stub.reads,
      ranges: stub.ranges,
      writes: stub.writes,
      event: stub.event,
      policies: stub.policies,
      secrets: stub.secrets,
    };
  }

  /** Validates and applies an endorsed transaction; false when something it read has changed since. */
  commit(endorsement: Endorsement): boolean {
    for (const [key, version] of endorsement.reads) {
      if ((this.#state.get(key)?.version ?? 0) !== version) return false;
    }
    this.#commits += 1;
    for (const [key, value] of endorsement.writes) {
      if (value === undefined) this.#state.delete(key);
      else this.#state.set(key, { value, version: this.#commits });
    }
    for (const [key, value] of endorsement.secrets) this.#secrets.set(key, value);
    if (endorsement.event !== undefined) this.events.push(endorsement.event);
    return true;
  }

  /** Runs and commits a transaction and returns its payload. */
  async submit(caller: Identity, call: Proposal): Promise<string> {
    const endorsement = await this.endorse(caller, call);
    if (endorsement.status !== 200) throw new Refusal(endorsement.message);
    if (!this.commit(endorsement)) throw new Refusal("MVCC_READ_CONFLICT");
    return endorsement.payload;
  }

  /** Puts a value there that only a long story would lead to. */
  seed(key: string, value: unknown): void {
    this.#commits += 1;
    this.#state.set(key, { value: canonicalJson(value), version: this.#commits });
  }

  /** Keys and values whose key begins so. */
  entries(prefix: string): [string, string][] {
    return [...this.#state].filter(([key]) => key.startsWith(prefix)).map(([key, { value }]) => [key, value]);
  }

  /** One text for the whole state: two states are equal if and only if these are. */
  snapshot(): string {
    return JSON.stringify(this.entries("").sort(([left], [right]) => (left < right ? -1 : 1)));
  }
}

type StubOptions = {
  readonly name: string;
  readonly args: string[];
  readonly atUnixMs: number;
  readonly transactionId: string;
  readonly caller: Identity;
  readonly state: ReadonlyMap<string, Version>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly transient?: ReadonlyMap<string, string>;
};

/** The part of Fabric's ChaincodeStub that contracts and fabric-shim use. */
class MemoryStub {
  readonly reads = new Map<string, number>();
  readonly writes = new Map<string, string | undefined>();
  readonly policies = new Map<string, string>();
  readonly secrets = new Map<string, string>();
  ranges = 0;
  event: { name: string; payload: string } | undefined;
  readonly #options: StubOptions;

  constructor(options: StubOptions) {
    this.#options = options;
  }

  getBufferArgs(): Buffer[] {
    return [this.#options.name, ...this.#options.args].map((each) => Buffer.from(each));
  }

  getFunctionAndParameters() {
    return { fcn: this.#options.name, params: this.#options.args };
  }

  getTxID(): string {
    return this.#options.transactionId;
  }

  getChannelID(): string {
    return "gridpact";
  }

  getCreator() {
    const { mspId, certificatePem } = this.#options.caller;
    return { mspid: mspId, idBytes: Buffer.from(certificatePem) };
  }

  getTxTimestamp() {
    const { atUnixMs } = this.#options;
    return { seconds: BigInt(Math.floor(atUnixMs / 1_000)), nanos: (atUnixMs % 1_000) * 1_000_000 };
  }

  getState(key: string): Promise<Uint8Array> {
    const found = this.#options.state.get(key);
    this.reads.set(key, found?.version ?? 0);
    return Promise.resolve(Buffer.from(found?.value ?? ""));
  }

  putState(key: string, value: Uint8Array): Promise<void> {
    this.writes.set(key, Buffer.from(value).toString());
    return Promise.resolve();
  }

  deleteState(key: string): Promise<void> {
    this.writes.set(key, undefined);
    return Promise.resolve();
  }

  getStateByRange(start: string, end: string) {
    this.ranges += 1;
    const keys = [...this.#options.state.keys()].filter((key) => key >= start && key < end).sort();
    const rows = keys.map((key) => ({ key, value: Buffer.from(this.#options.state.get(key)?.value ?? "") }));
    const next = () => {
      const value = rows.shift();
      return Promise.resolve(value === undefined ? { done: true } : { done: false, value });
    };
    return Promise.resolve({ next, close: () => Promise.resolve() });
  }

  getTransient(): Map<string, Uint8Array> {
    const fields = [...(this.#options.transient ?? [])];
    return new Map(fields.map(([name, text]) => [name, Buffer.from(text)]));
  }

  getPrivateData(collection: string, key: string): Promise<Uint8Array> {
    return Promise.resolve(Buffer.from(this.#options.secrets.get(`${collection}/${key}`) ?? ""));
  }

  getPrivateDataHash(collection: string, key: string): Promise<Uint8Array> {
    const value = this.#options.secrets.get(`${collection}/${key}`);
    return Promise.resolve(value === undefined ? Buffer.of() : createHash("sha256").update(value).digest());
  }

  putPrivateData(collection: string, key: string, value: Uint8Array): Promise<void> {
    this.secrets.set(`${collection}/${key}`, Buffer.from(value).toString());
    return Promise.resolve();
  }

  setStateValidationParameter(key: string, policy: Uint8Array): Promise<void> {
    this.policies.set(key, Buffer.from(policy).toString("hex"));
    return Promise.resolve();
  }

  setEvent(name: string, payload: Uint8Array): void {
    this.event = { name, payload: Buffer.from(payload).toString() };
  }
}
