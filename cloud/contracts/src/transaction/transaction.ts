import assert from "node:assert/strict";
import type { SignatureVerifier } from "@gridpact/proto";
import { canonicalJson } from "@gridpact/settlement";
import type { Context } from "fabric-contract-api";
import { demand } from "../contract-error.ts";
import { ACCESS, type AccessRow, type Scope, type TransactionName } from "./access.ts";
import { type Caller, readCaller } from "./caller.ts";
import type { ChaincodeEventName } from "./chaincode-events.ts";
import { PrivateState } from "./private-state.ts";
import { WorldState } from "./world-state.ts";

/** Who owns what a transaction is about; what does not apply is left out. */
export type Owner = { readonly vnId?: string; readonly deviceId?: string; readonly isAggregator?: boolean };

/** One transaction: who calls, the state as it sees it, and its one chaincode event. */
export class Transaction {
  readonly id: string;
  readonly caller: Caller;
  readonly state: WorldState;
  /** What only members of a collection may know. */
  readonly secrets: PrivateState;
  /**
   * When the client says it made the proposal. The client may lie: a peer does not compare it with its own clock
   * [CVE-2024-45244]. It MUST NOT decide who gets money; it stops honest mistakes and sorts statements.
   */
  readonly claimedAtUnixMs: number;
  /** Of devices' Ed25519 signatures, under ZIP-215. */
  readonly verifySignature: SignatureVerifier;
  readonly #stub: Context["stub"];
  readonly #scope: Scope;
  #isOwnerChecked = false;
  #event: { name: ChaincodeEventName; payload: Buffer } | undefined;

  /** @throws ContractError ACCESS_IDENTITY_INVALID, ACCESS_DENIED */
  constructor(context: Context, name: TransactionName, verifySignature: SignatureVerifier) {
    const { stub, clientIdentity } = context;
    const caller = readCaller(clientIdentity);
    const row: AccessRow = ACCESS[name];
    const scope = row[caller.role];
    demand(scope !== undefined, "ACCESS_DENIED", () => `${caller.role} may not call ${name}`);
    this.id = stub.getTxID();
    this.caller = caller;
    this.state = new WorldState(stub);
    this.secrets = new PrivateState(stub);
    this.claimedAtUnixMs = unixMsOf(stub.getTxTimestamp());
    this.verifySignature = verifySignature;
    this.#stub = stub;
    this.#scope = scope;
  }

  /**
   * Checks the ownership rule of the access table. Every transaction with an `own` in its row MUST call this for
   * everything it touches.
   *
   * @throws ContractError ACCESS_NOT_OWNER
   */
  authorise(owner: Owner): void {
    this.authoriseSide([owner]);
  }

  /**
   * As `authorise`, for what lies between parties: each of them by itself may.
   *
   * @throws ContractError ACCESS_NOT_OWNER
   */
  authoriseSide(owners: readonly Owner[]): void {
    this.#isOwnerChecked = true;
    const isOwner = this.#scope === "any" || owners.some((owner) => owns(this.caller, owner));
    demand(isOwner, "ACCESS_NOT_OWNER", () => "it belongs to someone else");
  }

  /** Sets the transaction's event. Fabric keeps the last one only, so a second is a bug. */
  emit(name: ChaincodeEventName, payload: unknown): void {
    assert(this.#event === undefined, "a transaction has one event");
    this.#event = { name, payload: Buffer.from(canonicalJson(payload)) };
  }

  /** Hands writes and event to the peer. */
  async commit(): Promise<void> {
    assert(this.#scope === "any" || this.#isOwnerChecked, "the ownership rule was not applied");
    await this.state.flush();
    await this.secrets.flush();
    if (this.#event !== undefined) this.#stub.setEvent(this.#event.name, this.#event.payload);
  }
}

function owns(caller: Caller, owner: Owner): boolean {
  switch (caller.role) {
    case "aggregator":
      return owner.isAggregator === true;
    case "vn":
      return owner.vnId !== undefined && owner.vnId === caller.vnId;
    case "prosumer":
      return owner.deviceId !== undefined && owner.deviceId === caller.deviceId;
    case "dso":
    case "auditor":
    case "administrator":
      return false; // They own nothing on the ledger; the table gives them `any` or nothing.
  }
}

function unixMsOf({ seconds, nanos }: ReturnType<Context["stub"]["getTxTimestamp"]>): number {
  return Number(seconds.toString()) * 1_000 + Math.floor(nanos / 1_000_000);
}
