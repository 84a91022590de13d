import { repeat } from "@gridpact/host";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** Who has a part in a move. */
export const MOVE_PARTIES = ["ledger", "aggregator", "losing node", "gaining node", "device"] as const;
/** One of `MOVE_PARTIES`. */
export type MoveParty = (typeof MOVE_PARTIES)[number];

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const CRASHES_MAX = 6;
const DOWN_MS_MAX = 30 * MINUTE_MS;

/** Long against every retry of the others, short against the hour that a move has. */
const PARTY_DOWN_MS = 3 * MINUTE_MS;

/** Every process that has a part in a move may lose its power at any moment of it. */
export function crashMovers(world: World): void {
  const random = world.random.fork("moves");
  const moving = new Set(
    world.aggregator
      .core()
      ?.clusters()
      .moves.map(({ deviceId }) => deviceId),
  );
  const devices = world.devices.filter(({ deviceId }) => moving.has(deviceId));
  const victims: SimulatedProcess[] = [world.ledger, world.aggregator, ...world.nodes, ...devices];
  for (let count = random.below(CRASHES_MAX + 1); count > 0; count--) {
    const victim = victims[random.below(victims.length)];
    const downMs = 1_000 + random.below(DOWN_MS_MAX);
    // Without faults a move takes a minute; most crashes should hit it.
    world.clock.after(random.below(random.chance(700) ? 2 * MINUTE_MS : HOUR_MS), () => victim?.crash(downMs));
  }
}

/**
 * Pulls a party's plug when the first device that leaves a node is seen in each state: waiting for its contracts,
 * asked, released. Looked at once a second, so what happens within one is hit at its end.
 */
export function crashAt(world: World, party: MoveParty): void {
  const seen = new Set<string>();
  let movingId: string | undefined;
  const look = async () => {
    for (const node of world.nodes) {
      const move = node.moves().find((each) => each.side === "losing" && each.deviceId === (movingId ?? each.deviceId));
      if (move?.side !== "losing" || seen.has(move.state)) continue;
      movingId = move.deviceId;
      seen.add(move.state);
      victimOf(world, party, { fromVnId: node.vnId, ...move }).crash(PARTY_DOWN_MS);
    }
  };
  repeat({ clock: world.clock, periodMs: SECOND_MS, task: look, onError: () => true });
}

type SeenMove = { fromVnId: string; toVnId: string; deviceId: string };

function victimOf(world: World, party: MoveParty, { fromVnId, toVnId, deviceId }: SeenMove): SimulatedProcess {
  switch (party) {
    case "ledger":
      return world.ledger;
    case "aggregator":
      return world.aggregator;
    case "losing node":
      return world.nodeOf(fromVnId);
    case "gaining node":
      return world.nodeOf(toVnId);
    case "device":
      return world.devices.find((each) => each.deviceId === deviceId) as SimulatedProcess;
  }
}
