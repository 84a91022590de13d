import { EvaluateError, type LedgerArgument } from "@gridpact/ledger";

/** A registry in memory, as far as moves read it: newest entries, and the key that each device began with. */
export class RegistryLedger {
  readonly entries = new Map<string, { vnId: string; publicKeyHex: string; state: string; revision: number }>();
  readonly firstKeys = new Map<string, string>();
  isDown = false;

  add(deviceId: string, vnId: string): void {
    this.entries.set(deviceId, { vnId, publicKeyHex: `key-${deviceId}`, state: "active", revision: 0 });
    this.firstKeys.set(deviceId, `key-${deviceId}`);
  }

  change(deviceId: string, changes: { vnId?: string; publicKeyHex?: string; state?: string }): void {
    const entry = this.entries.get(deviceId);
    if (entry === undefined) throw new RangeError(deviceId);
    this.entries.set(deviceId, { ...entry, ...changes, revision: entry.revision + 1 });
  }

  async evaluate(transaction: string, argument: LedgerArgument): Promise<unknown> {
    if (this.isDown) throw new EvaluateError("", new Error("nobody answers"));
    const { deviceId } = argument as { deviceId: string };
    const entry = this.entries.get(deviceId);
    if (entry === undefined)
      throw new EvaluateError("", new Error("chaincode response 500, REGISTRY_DEVICE_UNKNOWN: -"));
    if (transaction === "registry:GetDevice") return entry;
    return { ...entry, publicKeyHex: this.firstKeys.get(deviceId) };
  }
}
