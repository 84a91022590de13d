import { createHash } from "node:crypto";
import { canonicalJson } from "@gridpact/settlement";
import type { Context } from "fabric-contract-api";
import { demand } from "../contract-error.ts";
import { readArgument } from "./read-argument.ts";
import type { Shape } from "./shape.ts";

type Stub = Context["stub"];

/**
 * A private data collection [Fabric: private data]: peers of its members have the values, the channel has SHA-256 of
 * key and value. It has the form that both ledgers take when the chaincode is deployed.
 */
export type CollectionDefinition = {
  readonly name: string;
  readonly memberMspIds: readonly string[];
  /** Whose peers endorse a write, in place of the chaincode's policy. */
  readonly endorsement: { readonly mspIds: readonly string[]; readonly organisationsMin: number };
};

/** Where a private value lives and how it reads. */
export type PrivateDocument<T> = { readonly collection: string; readonly key: string; readonly shape: Shape<T> };

/** A replay has blocks only: what was private in a transaction is not in them. */
export class SealedInputError extends Error {
  readonly code = "SEALED_INPUT";

  constructor() {
    super("private input is in no block");
    this.name = "SealedInputError";
  }
}

/**
 * Private values as one transaction sees them. What goes in comes by the transient field of the proposal, which is no
 * part of the transaction; what an argument, a result or an event says is public for ever, so none of them may repeat
 * it. A value that can be guessed is no secret behind a plain hash: every document here MUST hold a random salt.
 */
export class PrivateState {
  readonly #stub: Stub;
  readonly #written = new Map<string, { document: PrivateDocument<unknown>; text: string }>();

  constructor(stub: Stub) {
    this.#stub = stub;
  }

  /** @throws ContractError PRIVATE_INPUT_MISSING, ARGUMENT_INVALID; SealedInputError in a replay */
  input<T>(name: string, shape: Shape<T>): T {
    const bytes = this.#stub.getTransient().get(name);
    demand(bytes !== undefined, "PRIVATE_INPUT_MISSING", () => `the proposal has no transient field ${name}`);
    return readArgument(Buffer.from(bytes).toString("utf8"), shape);
  }

  /** SHA-256 (hex) of a value, which every peer of the channel knows; undefined where there is none. */
  async hashHex({ collection, key }: PrivateDocument<unknown>): Promise<string | undefined> {
    const hash = await this.#stub.getPrivateDataHash(collection, key);
    return hash === undefined || hash.length === 0 ? undefined : Buffer.from(hash).toString("hex");
  }

  /** The value itself, on a peer that has it; undefined where there is none. */
  async get<T>({ collection, key, shape }: PrivateDocument<T>): Promise<T | undefined> {
    const bytes = await this.#stub.getPrivateData(collection, key);
    return bytes === undefined || bytes.length === 0 ? undefined : readArgument(Buffer.from(bytes).toString(), shape);
  }

  put<T>(document: PrivateDocument<T>, value: T): void {
    this.#written.set(`${document.collection}/${document.key}`, { document, text: canonicalJson(value) });
  }

  /** Hands all writes to the peer, in key order. */
  async flush(): Promise<void> {
    for (const [, { document, text }] of [...this.#written].sort(([left], [right]) => (left < right ? -1 : 1))) {
      await this.#stub.putPrivateData(document.collection, document.key, Buffer.from(text));
    }
  }
}

/** What the channel knows of a private value: SHA-256 (hex) of its canonical JSON. */
export function privateHashHex(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
