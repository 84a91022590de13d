import { type Ledger, ledgerRefusal } from "@gridpact/ledger";

type LedgerReader = Pick<Ledger, "evaluate">;

/** A device as the ledger's registry has it, as far as a move goes by it. */
export type RegistryEntry = {
  vnId: string;
  publicKeyHex: string;
  state: "active" | "released" | "revoked";
  revision: number;
};

/** The entry of a device; undefined when the ledger does not know it. */
export async function readEntry(ledger: LedgerReader, deviceId: string): Promise<RegistryEntry | undefined> {
  try {
    return (await ledger.evaluate("registry:GetDevice", { deviceId })) as RegistryEntry;
  } catch (error) {
    if (ledgerRefusal(error) === "REGISTRY_DEVICE_UNKNOWN") return undefined;
    throw error;
  }
}

/**
 * Why a device cannot leave a node, in words; undefined when it can. A key that was changed ties it to its node: former
 * keys count up to a numbered batch of that node, and the numbers of another one mean nothing to them.
 */
export async function obstacleTo(
  ledger: LedgerReader,
  { deviceId, fromVnId }: { deviceId: string; fromVnId: string },
): Promise<string | undefined> {
  const entry = await readEntry(ledger, deviceId);
  if (entry === undefined) return "the ledger does not know it";
  if (entry.state !== "active") return `the ledger has it as ${entry.state}`;
  if (entry.vnId !== fromVnId) return `the ledger has it at ${entry.vnId}`;
  if (entry.revision === 0) return undefined;
  const first = (await ledger.evaluate("registry:GetDeviceRevision", { deviceId, revision: 0 })) as RegistryEntry;
  return first.publicKeyHex === entry.publicKeyHex ? undefined : "it has changed its key, which ties it to its node";
}
