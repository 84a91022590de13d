import { strict as assert } from "node:assert";
import { type Clock, sleep, wallClock } from "@gridpact/host";
import type { FabricNetwork, OrdererNode } from "../../fabric/index.ts";
import { awaitReady, pidOf, within } from "../../fabric/processes.ts";
import type { Market } from "../market.ts";
import { type LoadReport, SettlementLoad } from "./load.ts";

/** Within so much the next block has to come after the leader was killed. */
const LEADER_GAP_MS_MAX = 15_000;

/** A follower's death is no reason for a longer pause than a busy machine makes by itself. */
const FOLLOWER_GAP_MS_MAX = 5_000;

/** How long each load runs before, and after, something happens. */
const SETTLE_MS = 5_000;

/** While nothing can be ordered: longer than a change of leader, so that none explains it. */
const STANDSTILL_MS = 20_000;

/** After an orderer came back: a start, a change of leader, and the outbox's own patience. */
const RESUME_MS_MAX = 90_000;

const clock: Clock = wallClock();

/** SIGKILL for the leader under load: the others go on, and no act is lost or done twice. */
export async function killLeader(network: FabricNetwork, market: Market): Promise<LoadReport> {
  const leader = await leaderOf(network);
  const load = await SettlementLoad.start(market, "leader");
  await sleep(clock, SETTLE_MS);
  kill(network, leader);
  const before = load.settled();
  assert.ok(await within(LEADER_GAP_MS_MAX * 2, clock, async () => load.settled() > before + 10), "no block came");
  await sleep(clock, SETTLE_MS);
  const report = await load.finish();
  await restart(network, leader);
  assertExact(report);
  assert.ok(report.gapMsMax <= LEADER_GAP_MS_MAX, `${report.gapMsMax} ms without a block`);
  assert.notEqual((await leaderOf(network)).name, leader.name);
  return report;
}

/** SIGKILL for a follower under load: nobody notices. */
export async function killFollower(network: FabricNetwork, market: Market): Promise<LoadReport> {
  const leader = await leaderOf(network);
  const follower = network.topology.orderers.find(({ name }) => name !== leader.name);
  assert.ok(follower !== undefined);
  const load = await SettlementLoad.start(market, "follower");
  await sleep(clock, SETTLE_MS);
  kill(network, follower);
  await sleep(clock, SETTLE_MS);
  const report = await load.finish();
  await restart(network, follower);
  assertExact(report);
  assert.ok(report.gapMsMax <= FOLLOWER_GAP_MS_MAX, `${report.gapMsMax} ms without a block`);
  return report;
}

/** Two of four down: nothing is ordered and nothing lost; with one of them back all of it is. */
export async function loseQuorum(network: FabricNetwork, market: Market): Promise<LoadReport> {
  const leader = await leaderOf(network);
  const followers = network.topology.orderers.filter(({ name }) => name !== leader.name).slice(0, 2);
  const [first, second] = followers;
  assert.ok(first !== undefined && second !== undefined);
  const load = await SettlementLoad.start(market, "quorum");
  await sleep(clock, SETTLE_MS);
  for (const follower of followers) kill(network, follower);
  // Blocks that the quorum had agreed on before may still come.
  await sleep(clock, SETTLE_MS);
  const before = load.settled();
  await sleep(clock, STANDSTILL_MS);
  assert.equal(load.settled(), before, "two of four made a block");
  await restart(network, first);
  assert.ok(await within(RESUME_MS_MAX, clock, async () => load.settled() > before), "nothing was ordered again");
  const report = await load.finish();
  await restart(network, second);
  assertExact(report);
  return report;
}

function assertExact(report: LoadReport): void {
  assert.ok(report.settled > 0 && report.failed === 0 && report.misPaid === 0, JSON.stringify(report));
}

function kill({ paths }: FabricNetwork, { name }: OrdererNode): void {
  const pid = pidOf(name, paths);
  assert.ok(pid !== undefined, `${name} does not run`);
  process.kill(pid, "SIGKILL");
}

async function restart(network: FabricNetwork, { name, host, ports }: OrdererNode): Promise<void> {
  await within(SETTLE_MS, clock, async () => pidOf(name, network.paths) === undefined);
  network.startOrderer(name);
  const isHealthy = () =>
    fetch(`http://${host}:${ports.operations}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  await awaitReady(name, isHealthy, { paths: network.paths, clock });
}

/** Whom most of the orderers that run follow, by what they say of themselves. */
async function leaderOf({ topology }: FabricNetwork): Promise<OrdererNode> {
  const votes = new Map<number, number>();
  for (const { host, ports } of topology.orderers) {
    const text = await fetch(`http://${host}:${ports.operations}/metrics`).then(
      (response) => response.text(),
      () => "",
    );
    const id = Number(/^consensus_BFT_leader_id\{[^}]*\} (\d+)/m.exec(text)?.[1] ?? 0);
    votes.set(id, (votes.get(id) ?? 0) + 1);
  }
  votes.delete(0);
  const [leaderId] = [...votes].sort(([, left], [, right]) => right - left)[0] ?? [];
  const leader = topology.orderers[(leaderId ?? 0) - 1];
  assert.ok(leader !== undefined, "nobody leads");
  return leader;
}
