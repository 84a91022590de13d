import type { World } from "./world.ts";

const MINUTE_MS = 60_000;

/** Lets minutes go by until something is true. @throws WorldStuckError when it does not become true in time */
export async function advanceUntil(world: World, withinMs: number, isTrue: () => Promise<boolean>): Promise<void> {
  const deadlineUnixMs = world.clock.nowUnixMs() + withinMs;
  while (!(await isTrue())) {
    if (world.clock.nowUnixMs() > deadlineUnixMs) throw new WorldStuckError(world);
    await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  }
}

/** Something in the world does not come to an end. */
export class WorldStuckError extends Error {
  readonly code = "WORLD_STUCK";

  constructor(world: World) {
    const core = world.aggregator.core();
    const requests = core
      ?.events()
      .flatMap((event) => event.requests.map(({ request, state }) => [request.requestId, state]));
    super(core === undefined ? "the aggregator is down" : JSON.stringify({ moves: core.clusters().moves, requests }));
    this.name = "WorldStuckError";
  }
}
