import { writeFileSync } from "node:fs";
import { type Authority, MSP_IDS, type MspId } from "@gridpact/ledger";
import { type FabricNetwork, fabricConsortium } from "@gridpact/ledger/fabric";
import { trustPath } from "../consortium/consortium-files.ts";
import type { DataDirectory } from "../process/data-directory.ts";
import { awaitRunFile, clearRunFile, type RunFile, readRunFile, writeRunFile } from "../process/run-file.ts";

/**
 * Tells the other parts of the data directory where their ledger is, as the embedded one does of itself, and verifiers
 * whose signatures make a block of it.
 */
export function announceFabric(
  data: DataDirectory,
  { paths, topology }: FabricNetwork,
  authorities: ReadonlyMap<MspId, Authority>,
): void {
  writeFileSync(trustPath(data), `${JSON.stringify(fabricConsortium({ paths, topology, authorities }), null, 2)}\n`);
  for (const { mspId, host, ports } of topology.peers) {
    writeRunFile(data, gatewayOf(mspId), { gateway: ports.gateway }, host);
  }
  // Last, as it is what the others wait for: members of an organisation without a peer ask here.
  const [first] = topology.peers;
  if (first !== undefined) writeRunFile(data, "ledger", { gateway: first.ports.gateway }, first.host);
}

/** The reverse of `announceFabric`; the trust file stays, as receipts of the network go on being verified by it. */
export function withdrawFabric(data: DataDirectory, { topology }: FabricNetwork): void {
  for (const { mspId } of topology.peers) clearRunFile(data, gatewayOf(mspId));
  clearRunFile(data, "ledger");
}

/**
 * Where a member of an organisation reaches the ledger: its own organisation's gateway if that has one. A network is
 * known by having such gateways at all.
 */
export async function awaitLedger(data: DataDirectory, mspId: string): Promise<RunFile & { isNetwork: boolean }> {
  const anyones = await awaitRunFile(data, "ledger");
  const isNetwork = MSP_IDS.some((each) => readRunFile(data, gatewayOf(each)) !== undefined);
  return { ...(readRunFile(data, gatewayOf(mspId)) ?? anyones), isNetwork };
}

function gatewayOf(mspId: string): string {
  return `ledger-${mspId}`;
}
