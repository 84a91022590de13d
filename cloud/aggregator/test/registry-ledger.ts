import { EvaluateError, type LedgerArgument } from "@gridpact/ledger";

/** A registry in memory, as far as moves read it. */
export class RegistryLedger {
  readonly entries = new Map<string, { vnId: string; publicKeyHex: string; state: string }>();
  isDown = false;

  add(deviceId: string, vnId: string): void {
    this.entries.set(deviceId, { vnId, publicKeyHex: `key-${deviceId}`, state: "active" });
  }

  change(deviceId: string, changes: { vnId?: string; publicKeyHex?: string; state?: string }): void {
    const entry = this.entries.get(deviceId);
    if (entry === undefined) throw new RangeError(deviceId);
    this.entries.set(deviceId, { ...entry, ...changes });
  }

  async evaluate(_transaction: string, argument: LedgerArgument): Promise<unknown> {
    if (this.isDown) throw new EvaluateError("", new Error("nobody answers"));
    const { deviceId } = argument as { deviceId: string };
    const entry = this.entries.get(deviceId);
    if (entry === undefined)
      throw new EvaluateError("", new Error("chaincode response 500, REGISTRY_DEVICE_UNKNOWN: -"));
    return entry;
  }
}
