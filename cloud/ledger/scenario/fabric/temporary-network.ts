import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { collections } from "@gridpact/contracts";
import { type Clock, type Log, SEED_BYTES, signingKeyFromSeed, systemRandom } from "@gridpact/host";
import { type FabricBinaries, FabricNetwork, FabricPaths, rememberedTopology } from "../../fabric/index.ts";
import { type Authority, issueAuthority, MSP_IDS, type MspId } from "../../src/index.ts";

/** The authorities certify whoever the scenario needs, with their keys in this process. */
export type TemporaryNetwork = {
  network: FabricNetwork;
  authorities: ReadonlyMap<MspId, Authority>;
  /** Ends every node and removes what they stored. */
  close(): Promise<void>;
};

/** Proposals of a scenario are made at times that are hours away. */
const TIME_WINDOW = "48h";

const DAY_MS = 86_400_000;

/** A network of its own with the contracts deployed, in a new directory. */
export async function openTemporaryNetwork(
  binaries: FabricBinaries,
  { clock, log }: { clock: Clock; log: Log },
): Promise<TemporaryNetwork> {
  const root = mkdtempSync(join(tmpdir(), "gridpact-fabric-"));
  const modules = { random: systemRandom, clock };
  const now = clock.nowUnixMs();
  const validity = { notBeforeUnixMs: now - DAY_MS, notAfterUnixMs: now + 30 * DAY_MS };
  const authorities = new Map<MspId, Authority>(
    MSP_IDS.map((mspId) => {
      const key = signingKeyFromSeed(systemRandom.bytes(SEED_BYTES));
      return [mspId, issueAuthority({ mspId, key, validity }, modules)];
    }),
  );
  const topology = await rememberedTopology(new FabricPaths(root));
  const network = new FabricNetwork({ root, topology, binaries, proposalTimeWindow: TIME_WINDOW }, { clock, log });
  const close = async () => {
    await network.down();
    rmSync(root, { recursive: true, force: true });
  };
  try {
    await network.prepare({ authorities, validity }, modules);
    await network.up();
    await network.deploy(collections, "1.0");
  } catch (error) {
    await network.down();
    throw error;
  }
  return { network, authorities, close };
}
