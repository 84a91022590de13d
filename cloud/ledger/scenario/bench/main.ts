/** `npm run bench:ledger`: see `--help`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonLog, readOptions, SeededRandom, wallClock } from "@gridpact/host";
import { fabricSources, findBinaries } from "../../fabric/index.ts";
import { openEmbeddedWorld } from "../embedded-world.ts";
import { openTemporaryNetwork } from "../fabric/temporary-network.ts";
import { FabricWorld } from "../fabric-world.ts";
import type { ScenarioWorld } from "../world.ts";
import { benchSettlement, type SettlementBenchResult } from "./settlement-bench.ts";

const values = readOptions({
  command: "npm run bench:ledger --",
  about:
    "Plays events from request to payment, with evidence checked, and counts time, CPU, transactions and conflicts.",
  options: {
    feids: { kind: "text", byDefault: "100,1000,10000", says: "devices of each event" },
    fabric: {
      kind: "flag",
      says: "on a Fabric network, with the programs in FABRIC_BIN, instead of the embedded ledger",
    },
    json: { kind: "text", says: "file for the results" },
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
