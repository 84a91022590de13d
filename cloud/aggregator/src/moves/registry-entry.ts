import { type Ledger, ledgerRefusal } from "@gridpact/ledger";

type LedgerReader = Pick<Ledger, "evaluate">;

/** A device as the ledger's registry has it, as far as a move goes by it. */
export type RegistryEntry = {
  vnId: string;
  publicKeyHex: string;
  state: "active" | "released" | "revoked";
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

/** Why a device cannot leave a node, in words; undefined when it can. */
export async function obstacleTo(
  ledger: LedgerReader,
  { deviceId, fromVnId }: { deviceId: string; fromVnId: string },
): Promise<string | undefined> {
  const entry = await readEntry(ledger, deviceId);
  if (entry === undefined) return "the ledger does not know it";
  if (entry.state !== "active") return `the ledger has it as ${entry.state}`;
  return entry.vnId === fromVnId ? undefined : `the ledger has it at ${entry.vnId}`;
}
