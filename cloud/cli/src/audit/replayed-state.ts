/** The ledger's state as its blocks make it, as far as an audit needs it. */
import { type Anchor, type Device, readResult, type Sc1, type Sc2 } from "@gridpact/contracts";
import type { JsonValue } from "@gridpact/settlement";
import { AuditRuleError } from "./audit-rule.ts";

/**
 * Values by key, as written. Contracts leave when they are completed, statement entries are never kept: what stays is
 * accounts, devices, anchors and sold intervals, some hundred bytes each.
 */
export class ReplayedState {
  readonly #values = new Map<string, string>();

  set(key: string, value: string | undefined): void {
    if (value === undefined) this.#values.delete(key);
    else this.#values.set(key, value);
  }

  text(key: string): string | undefined {
    return this.#values.get(key);
  }

  /** Undefined where there is none. */
  json<T>(key: string): T | undefined {
    const text = this.#values.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  /** @throws AuditRuleError when there is no such contract, or it is completed */
  sc1(contractId: string): Sc1 {
    const contract = this.#required(`sc1/${contractId}`);
    return readResult("sc1:GetContract", { contract, sc2ContractIds: [] }).contract;
  }

  /** @throws AuditRuleError when there is no such contract, or it is completed */
  sc2(contractId: string): Sc2 {
    return readResult("sc2:GetContract", this.#required(`sc2/${contractId}`));
  }

  /** SC2 under an SC1, in the order in which they were set up. */
  membersOf(sc1Id: string): string[] {
    return this.json<{ sc2ContractIds: string[] }>(`sc1-members/${sc1Id}`)?.sc2ContractIds ?? [];
  }

  /** @throws AuditRuleError */
  device(deviceId: string): Device {
    return readResult("registry:GetDevice", this.#required(`device/${deviceId}`));
  }

  anchor(vnId: string, batchNo: number): Anchor | undefined {
    return this.json<Anchor>(`anchor/${vnId}/${batchNo}`);
  }

  spendableMicro(accountId: string): bigint {
    return BigInt(this.json<{ spendableMicro: string }>(`account/${accountId}`)?.spendableMicro ?? "0");
  }

  creditMicro(accountId: string, transactionId: string): bigint | undefined {
    const credit = this.json<{ amountMicro: string }>(`credit/${accountId}/${transactionId}`);
    return credit === undefined ? undefined : BigInt(credit.amountMicro);
  }

  /** Sum of one amount over all values of a collection. */
  sumMicro(collection: string, field: string): bigint {
    let sum = 0n;
    for (const [key, text] of this.#values) {
      if (key.startsWith(`${collection}/`)) sum += BigInt((JSON.parse(text) as Record<string, string>)[field] ?? "0");
    }
    return sum;
  }

  /** What each account has, its pending credits included. */
  accountTotals(): Map<string, bigint> {
    const totals = new Map<string, bigint>();
    const add = (id: string, amount: string) => totals.set(id, (totals.get(id) ?? 0n) + BigInt(amount));
    for (const [key, text] of this.#values) {
      const [collection, accountId = ""] = key.split("/");
      const value = JSON.parse(text) as Record<string, string>;
      if (collection === "account") add(accountId, value["spendableMicro"] ?? "0");
      if (collection === "credit") add(accountId, value["amountMicro"] ?? "0");
    }
    return totals;
  }

  /** Forgets a completed SC1 with all that belongs to it: nothing may touch it again. */
  forget(sc1Id: string): void {
    for (const id of this.membersOf(sc1Id)) this.#values.delete(`sc2/${id}`);
    const baselines = `baseline/${sc1Id}/`;
    for (const key of this.#values.keys()) if (key.startsWith(baselines)) this.#values.delete(key);
    this.#values.delete(`sc1-members/${sc1Id}`);
    this.#values.delete(`sc1/${sc1Id}`);
  }

  #required(key: string): JsonValue {
    const value = this.json<JsonValue>(key);
    if (value === undefined) throw new AuditRuleError(key, "to exist and to be open", "nothing");
    return value;
  }
}
