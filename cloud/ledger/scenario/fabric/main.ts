/** `npm run test:fabric`: see `--help`. */
import { writeFileSync } from "node:fs";
import { jsonLog, readOptions, wallClock } from "@gridpact/host";
import { type FabricBinaries, FabricError, fabricSources, findBinaries } from "../../fabric/index.ts";
import { FabricWorld } from "../fabric-world.ts";
import { openPlay, SCENARIO } from "../steps.ts";
import { auditNetwork } from "./audit-network.ts";
import { killFollower, killLeader, loseQuorum } from "./failures.ts";
import { believeBlock, believePrivateAgreement } from "./light-client.ts";
import { openTemporaryNetwork } from "./temporary-network.ts";

type Outcome = { name: string; ok: boolean; seconds: number; details?: unknown };

const { json } = readOptions({
  command: "npm run test:fabric --",
  about:
    "The scenarios of the embedded ledger against a real Fabric network, and what happens when its orderers are " +
    "killed. Needs the programs of Hyperledger Fabric, 3.1.5 or newer, in FABRIC_BIN or on PATH.",
  options: { json: { kind: "text", says: "file for the outcomes" } },
});
const binaries = binariesOrNone();
if (binaries !== undefined) process.exitCode = (await run(binaries)) ? 0 : 1;

async function run(found: FabricBinaries): Promise<boolean> {
  const clock = wallClock();
  const log = jsonLog((line) => process.stderr.write(line), clock);
  const { network, authorities, close } = await openTemporaryNetwork(found, { clock, log });
  const world = new FabricWorld(network, authorities);
  const outcomes: Outcome[] = [];
  const attempt = async (name: string, act: () => Promise<unknown>) => {
    outcomes.push(await outcomeOf(name, act));
    process.stdout.write(`${JSON.stringify(outcomes.at(-1))}\n`);
  };
  try {
    const play = await openPlay(world);
    for (const step of SCENARIO) await attempt(step.name, () => step.run(play));
    await attempt("a light client believes a block and what it did by signatures alone", () =>
      believeBlock(network, authorities, play.market),
    );
    await attempt("a light client believes a private agreement by the definition that the network committed", () =>
      believePrivateAgreement(network, authorities, play.market),
    );
    const audit = () => auditNetwork(network, authorities, play.market);
    await attempt("an audit recomputes all that the network did from its blocks", audit);
    await attempt("a follower is killed", () => killFollower(network, play.market));
    await attempt("the leader is killed", () => killLeader(network, play.market));
    await attempt("two of four are down, then one returns", () => loseQuorum(network, play.market));
    await attempt("an audit recomputes all of it after the failures, too", audit);
  } finally {
    await world.close();
    await close();
  }
  const failed = outcomes.filter(({ ok }) => !ok).length;
  process.stdout.write(`${outcomes.length - failed} passed, ${failed} failed\n`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(outcomes, null, 2)}\n`);
  return failed === 0;
}

async function outcomeOf(name: string, act: () => Promise<unknown>): Promise<Outcome> {
  const startedAtMs = performance.now();
  const seconds = () => Number(((performance.now() - startedAtMs) / 1_000).toFixed(1));
  try {
    const details = await act();
    return { name, ok: true, seconds: seconds(), ...(details !== undefined && { details }) };
  } catch (error) {
    return { name, ok: false, seconds: seconds(), details: { message: String(error) } };
  }
}

/** Undefined, with one line for whoever reads, when this machine has no Fabric. */
function binariesOrNone(): FabricBinaries | undefined {
  try {
    return findBinaries(fabricSources());
  } catch (error) {
    if (!(error instanceof FabricError)) throw error;
    process.stdout.write(`test:fabric: not run, ${error.message}\n`);
    return undefined;
  }
}
