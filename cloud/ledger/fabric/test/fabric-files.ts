import { SEED_BYTES, SeededRandom, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import { type Authority, issueAuthority, MSP_IDS, type MspId } from "../../src/identity/index.ts";
import { writeMaterial } from "../material.ts";
import { FabricPaths } from "../paths.ts";
import { containerTopology } from "../topology.ts";

const NOW_UNIX_MS = Date.UTC(2026, 0, 1);

/** The certificates of a whole network in a folder; the same ones each time. */
export function fabricFiles(root: string) {
  const modules = { random: new SeededRandom("fabric"), clock: new VirtualClock(NOW_UNIX_MS) };
  const newKey = () => signingKeyFromSeed(modules.random.bytes(SEED_BYTES));
  const authorities = new Map<MspId, Authority>(
    MSP_IDS.map((mspId) => [mspId, issueAuthority({ mspId, key: newKey() }, modules)]),
  );
  const request = {
    paths: new FabricPaths(root),
    topology: containerTopology(),
    authorities,
    validity: { notBeforeUnixMs: NOW_UNIX_MS, notAfterUnixMs: Date.UTC(2027, 0, 1) },
  };
  writeMaterial(request, modules);
  return { ...request, modules };
}
