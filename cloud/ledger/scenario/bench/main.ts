/**
 * `npm run bench:ledger -- [--json FILE] [--feids 100,1000,10000] [--fabric]`: one event of so many devices on the
 * embedded ledger, or on a Fabric network with the programs in FABRIC_BIN.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { jsonLog, SeededRandom, wallClock } from "@gridpact/host";
import { fabricSources, findBinaries } from "../../fabric/index.ts";
import { openEmbeddedWorld } from "../embedded-world.ts";
import { openTemporaryNetwork } from "../fabric/temporary-network.ts";
import { FabricWorld } from "../fabric-world.ts";
import type { ScenarioWorld } from "../world.ts";
import { benchSettlement, type SettlementBenchResult } from "./settlement-bench.ts";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    feids: { type: "string", default: "100,1000,10000" },
    fabric: { type: "boolean", default: false },
  },
});
const sizes = values.feids.split(",").map(Number);
const open = values.fabric ? openFabric : openEmbedded;
const { world, close } = await open();
const results: SettlementBenchResult[] = [];
try {
  for (const feids of sizes) {
    results.push(await benchSettlement(world, { feids, name: `f${feids}` }));
    process.stdout.write(`${JSON.stringify(results.at(-1))}\n`);
  }
} finally {
  await close();
}
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`);

type Opened = { world: ScenarioWorld; close: () => Promise<void> };

async function openFabric(): Promise<Opened> {
  const clock = wallClock();
  const log = jsonLog((line) => process.stderr.write(line), clock);
  const { network, authorities, close } = await openTemporaryNetwork(findBinaries(fabricSources()), { clock, log });
  const world = new FabricWorld(network, authorities);
  const closeBoth = async () => {
    await world.close();
    await close();
  };
  return { world, close: closeBoth };
}

async function openEmbedded(): Promise<Opened> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-bench-"));
  const world = await openEmbeddedWorld(new SeededRandom("bench"), directory);
  const close = async () => {
    await world.close();
    rmSync(directory, { recursive: true });
  };
  return { world, close };
}
