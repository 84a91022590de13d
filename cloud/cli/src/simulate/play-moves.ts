import type { MoveView } from "@gridpact/aggregator";
import type { ProsumerSummary } from "@gridpact/proto";
import { VN_IDS } from "../wiring/market.ts";
import { type PlayedDay, type PlayOptions, playDay } from "./play-day.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { World } from "./world.ts";

/** A day with moves: what became of each, and where every device is at the end. */
export type PlayedMoves = PlayedDay & {
  moves: MoveView[];
  /** By device: the node that the ledger has it at, and the nodes that have it as a member. */
  homes: { deviceId: string; ledgerVnId: string; memberOf: string[] }[];
};

/** Members change places only within a feeder. */
const FEEDER = "f1";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Events that nodes say were before: as many as a plan wants before it moves anybody. */
const EVENTS_BEFORE = 12;

/** Some days before the demonstration's. */
const FIRST_EVENT_UNIX_MS = Date.UTC(2016, 0, 12, 12);

/** The next plan comes six hours after the first, and every process may be down meanwhile. */
const PLANNED_WITHIN_MS = 12 * HOUR_MS;

/** Two deadlines of an hour, and what crashes cost. */
const MOVED_WITHIN_MS = 6 * HOUR_MS;

const CRASHES_MAX = 6;
const DOWN_MS_MAX = 30 * MINUTE_MS;

/** Plays a day in which, after its event, devices change places between nodes while processes crash. */
export async function playMoves(
  options: Omit<PlayOptions, "afterEvent" | "describedAs" | "feeder">,
): Promise<PlayedMoves> {
  let moves: MoveView[] = [];
  const afterEvent = async (world: World) => {
    await planAndApprove(world);
    if (options.hasFaults) crashMovers(world);
    moves = await untilMoved(world);
  };
  const played = await playDay({ ...options, feeder: FEEDER, describedAs: alikeMembers, afterEvent });
  return { ...played, moves, homes: await homesOf(played.world) };
}

/** Waits for a plan with moves, and approves all of it. */
async function planAndApprove(world: World): Promise<void> {
  await untilTrue(world, PLANNED_WITHIN_MS, async () => {
    const core = world.aggregator.core();
    const { newest, moves } = core?.clusters() ?? { newest: null, moves: [] };
    if (core === undefined || newest === null || !moves.some(({ state }) => state === "proposed")) return false;
    const approving = core.approveMoves({ planHashHex: newest.inputsHashHex }).catch(() => undefined);
    await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
    return (await approving) !== undefined;
  });
}

/** Members of a node are said to miss the same half of all events and none of the other, so that a plan parts them. */
function alikeMembers(vnId: string, summaries: readonly ProsumerSummary[]): ProsumerSummary[] {
  const remainder = vnId === VN_IDS[0] ? 0 : 1;
  const events = Array.from({ length: EVENTS_BEFORE }, (_, event) => ({
    eventId: `before-${event}`,
    startUnixMs: FIRST_EVENT_UNIX_MS + event * DAY_MS,
    promisedWh: 100,
    deliveredWh: event % 2 === remainder ? 0 : 100,
  }));
  return summaries.map((summary) => ({ ...summary, events }));
}

/** Every process that has a part in a move may lose its power at any moment of it. */
function crashMovers(world: World): void {
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

async function untilMoved(world: World): Promise<MoveView[]> {
  let moves: MoveView[] = [];
  await untilTrue(world, MOVED_WITHIN_MS, async () => {
    const clusters = world.aggregator.core()?.clusters();
    if (clusters === undefined) return false;
    moves = clusters.moves.filter(({ state }) => state !== "proposed");
    return moves.length > 0 && moves.every(({ state }) => state === "done" || state === "refused");
  });
  // The nodes hear the end, and devices that stay go on.
  await world.clock.advanceTo(world.clock.nowUnixMs() + HOUR_MS);
  return moves;
}

async function homesOf(world: World): Promise<PlayedMoves["homes"]> {
  const ledger = world.ledger.clientOf("auditor", world.clock);
  const entries = Promise.all(
    world.devices.map(
      ({ deviceId }) => ledger.evaluate("registry:GetDevice", { deviceId }) as Promise<{ vnId: string }>,
    ),
  );
  await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  return (await entries).map(({ vnId }, index) => {
    const deviceId = world.devices[index]?.deviceId ?? "";
    const hosts = world.nodes.filter((node) => node.node()?.deviceKey(deviceId) !== undefined);
    return { deviceId, ledgerVnId: vnId, memberOf: hosts.map((node) => node.vnId) };
  });
}

/** @throws MovesStuckError when it does not come true in time */
async function untilTrue(world: World, withinMs: number, isTrue: () => Promise<boolean>): Promise<void> {
  const deadlineUnixMs = world.clock.nowUnixMs() + withinMs;
  while (!(await isTrue())) {
    if (world.clock.nowUnixMs() > deadlineUnixMs) throw new MovesStuckError(world);
    await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  }
}

/** The moves do not come to an end: something is stuck. */
export class MovesStuckError extends Error {
  readonly code = "MOVES_STUCK";

  constructor(world: World) {
    super(JSON.stringify(world.aggregator.core()?.clusters().moves ?? "the aggregator is down"));
    this.name = "MovesStuckError";
  }
}
