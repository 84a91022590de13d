import type { SeededRandom } from "@gridpact/host";
import { MTU_MS } from "../wiring/market.ts";
import { type NetworkFaults, PERFECT_NETWORK } from "./network.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** What goes wrong beside the story, drawn by seed. */
export type FaultPlan = { network: NetworkFaults; crashes: number };

/** Messages still take their time: 20 ms at most. */
export const NO_FAULTS: FaultPlan = { network: PERFECT_NETWORK, crashes: 0 };

const NETWORK_FAULT_PER_MILLE_MAX = 40;
const CRASHES_MAX = 8;
const DOWN_MS_MAX = 10 * 60_000;

/** The same random draws the same plan; up to 4 % of messages in each way, delays to 2 s, 8 crashes. */
export function drawFaults(random: SeededRandom): FaultPlan {
  const chance = () => random.below(NETWORK_FAULT_PER_MILLE_MAX + 1);
  return {
    network: {
      dropPerMille: chance(),
      duplicatePerMille: chance(),
      reorderPerMille: chance(),
      delayMsMax: 10 + random.below(2_000),
    },
    crashes: random.below(CRASHES_MAX + 1),
  };
}

/** Lets processes of the world lose their power at random instants in [fromUnixMs, toUnixMs). */
export function scheduleCrashes(
  world: World,
  { crashes }: FaultPlan,
  span: { fromUnixMs: number; toUnixMs: number },
): void {
  const random = world.random.fork("crashes");
  const victims: SimulatedProcess[] = [world.ledger, world.aggregator, ...world.nodes, ...world.devices];
  for (let count = 0; count < crashes; count++) {
    // Half of the crashes hit a server, though most processes are devices.
    const pool = random.chance(500) ? victims.slice(0, victims.length - world.devices.length) : victims;
    const victim = pool[random.below(pool.length)];
    const atUnixMs = span.fromUnixMs + random.below(span.toUnixMs - span.fromUnixMs);
    const downMs = 1_000 + random.below(DOWN_MS_MAX);
    world.clock.after(atUnixMs - world.clock.nowUnixMs(), () => victim?.crash(downMs));
  }
}

/** Two market time units before the event, so that requests and contracts are hit, too. */
export const CRASH_LEAD_MS = 2 * MTU_MS;
