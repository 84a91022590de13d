import { CHUNKS_PER_SC1_MAX } from "@gridpact/contracts";
import type { ProvenTransaction } from "../evidence/index.ts";
import { SOLD_TEXT, SoldIntervals } from "./sold-intervals.ts";

/** History for people: no transaction that writes reads it. */
const NEVER_READ: ReadonlySet<string> = new Set(["entry", "device-revision"]);

/**
 * The ledger's state as its blocks make it: values by key, as written. What nothing can touch again is forgotten, so
 * memory grows with open contracts, accounts, devices and anchors, not with the number of blocks; and by eight bytes
 * for each interval that was ever sold, as it may never be sold again.
 */
export class ReplayedState {
  readonly #values = new Map<string, string>();
  readonly #sold = new SoldIntervals();
  /** Keys of the baselines of each open SC1. */
  readonly #baselineKeys = new Map<string, string[]>();

  /** Goes on with what a transaction wrote, so that one wrong value is one finding and not a hundred. */
  adopt({ name, argument, writes }: Pick<ProvenTransaction, "name" | "argument" | "writes">): void {
    for (const [key, text] of writes) this.#set(key, text);
    if (name !== "sc1:DRCompletion") return;
    const { contractId, chunkNo } = JSON.parse(argument) as { contractId: string; chunkNo: number | null };
    if (chunkNo === null) this.#forgetSettled(contractId);
    else this.#forgetChunk(contractId, chunkNo);
  }

  #set(key: string, value: string | undefined): void {
    const [collection = "", sc1Id = ""] = key.split("/");
    if (NEVER_READ.has(collection) || (value !== undefined && this.#sold.add(key))) return;
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
    if (collection !== "baseline") return;
    const keys = this.#baselineKeys.get(sc1Id);
    if (keys === undefined) this.#baselineKeys.set(sc1Id, [key]);
    else keys.push(key);
  }

  text(key: string): string | undefined {
    return this.#sold.has(key) ? SOLD_TEXT : this.#values.get(key);
  }

  /** Undefined where there is none. */
  json<T>(key: string): T | undefined {
    const text = this.#values.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  /** Sum of one amount over all values of a collection. */
  sumMicro(collection: string, field: string): bigint {
    let sum = 0n;
    for (const [key, text] of this.#values) {
      if (key.startsWith(`${collection}/`)) sum += BigInt((JSON.parse(text) as Record<string, string>)[field] ?? "0");
    }
    return sum;
  }

  /** What each account has, with its pending credits and what it has set aside. */
  accountTotals(): Map<string, bigint> {
    const totals = new Map<string, bigint>();
    const add = (id: string, amount: string) => totals.set(id, (totals.get(id) ?? 0n) + BigInt(amount));
    for (const [key, text] of this.#values) {
      const [collection, accountId = ""] = key.split("/");
      if (collection !== "account" && collection !== "credit" && collection !== "reserve") continue;
      const value = JSON.parse(text) as Record<string, string>;
      add(accountId, value[collection === "account" ? "spendableMicro" : "amountMicro"] ?? "0");
    }
    return totals;
  }

  /** Forgets the SC2 of a paid chunk that hold nothing any more. */
  #forgetChunk(sc1Id: string, chunkNo: number): void {
    const { sc2ContractIds } = this.json<{ sc2ContractIds: string[] }>(`chunk/${sc1Id}/${chunkNo}`) ?? {
      sc2ContractIds: [],
    };
    for (const id of sc2ContractIds) {
      if (this.json<{ heldMicro: string }>(`sc2/${id}`)?.heldMicro === "0") this.#values.delete(`sc2/${id}`);
    }
  }

  /** Forgets what only the settlement and payment of an SC1 needed; nothing can be set up under a completed one. */
  #forgetSettled(sc1Id: string): void {
    for (const key of this.#baselineKeys.get(sc1Id) ?? []) this.#values.delete(key);
    this.#baselineKeys.delete(sc1Id);
    for (let chunkNo = 0; chunkNo < CHUNKS_PER_SC1_MAX; chunkNo++) this.#values.delete(`chunk/${sc1Id}/${chunkNo}`);
  }
}
