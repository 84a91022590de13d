import { VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { advanceUntil } from "./advance-until.ts";
import type { World } from "./world.ts";

const MINUTE_MS = 60_000;

function worldWith(core: unknown) {
  const clock = new VirtualClock(0);
  return { clock, world: { clock, aggregator: { core: () => core } } as unknown as World };
}

describe("a world that is waited for", () => {
  it("goes on by minutes until something is true, and no further", async () => {
    const { clock, world } = worldWith(undefined);
    await advanceUntil(world, 10 * MINUTE_MS, async () => clock.nowUnixMs() >= 3 * MINUTE_MS);
    expect(clock.nowUnixMs()).toBe(3 * MINUTE_MS);
  });

  it("is stuck when that does not come true in time, and says where it stands", async () => {
    const { clock, world } = worldWith(undefined);
    const stuck = { code: "WORLD_STUCK", message: "the aggregator is down" };
    await expect(advanceUntil(world, 2 * MINUTE_MS, async () => false)).rejects.toMatchObject(stuck);
    expect(clock.nowUnixMs()).toBe(3 * MINUTE_MS);
    const requests = [{ request: { requestId: "e.district" }, state: "open" }];
    const living = worldWith({ events: () => [{ requests }], clusters: () => ({ moves: [] }) });
    const message = JSON.stringify({ moves: [], requests: [["e.district", "open"]] });
    await expect(advanceUntil(living.world, 0, async () => false)).rejects.toMatchObject({ message });
  });
});
