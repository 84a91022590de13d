import { SeededRandom, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { CRASH_LEAD_MS, drawFaults, NO_FAULTS, scheduleCrashes } from "./fault-plan.ts";
import type { World } from "./world.ts";

const SEEDS = Array.from({ length: 500 }, (_, index) => `seed-${index}`);
const SPAN = { fromUnixMs: 1_000_000, toUnixMs: 2_000_000 };

type Crash = { victim: string; atUnixMs: number; downMs: number };

/** Lets a world whose processes only note their crashes go through a plan. */
async function crashesOf(seed: string, crashes: number): Promise<Crash[]> {
  const clock = new VirtualClock(0);
  const noted: Crash[] = [];
  const process = (victim: string) => ({
    crash: (downMs: number) => noted.push({ victim, atUnixMs: clock.nowUnixMs(), downMs }),
  });
  const world = {
    clock,
    random: new SeededRandom(seed),
    ledger: process("server"),
    aggregator: process("server"),
    nodes: [process("server"), process("server")],
    devices: Array.from({ length: 96 }, () => process("device")),
  } as unknown as World;
  scheduleCrashes(world, { ...NO_FAULTS, crashes }, SPAN);
  await clock.advanceTo(2 * SPAN.toUnixMs);
  return noted;
}

describe("what goes wrong beside the story", () => {
  it("is the same for a seed, and nothing without faults", () => {
    expect(drawFaults(new SeededRandom("one"))).toEqual(drawFaults(new SeededRandom("one")));
    expect(drawFaults(new SeededRandom("one"))).not.toEqual(drawFaults(new SeededRandom("two")));
    expect(NO_FAULTS).toMatchObject({ crashes: 0, network: { dropPerMille: 0, duplicatePerMille: 0 } });
  });

  it("stays within its bounds for every seed, and reaches them for some", () => {
    const plans = SEEDS.map((seed) => drawFaults(new SeededRandom(seed)));
    const range = (values: number[]) => [Math.min(...values), Math.max(...values)];
    expect(range(plans.map(({ crashes }) => crashes))).toEqual([0, 8]);
    for (const fault of ["dropPerMille", "duplicatePerMille", "reorderPerMille"] as const) {
      expect(range(plans.map(({ network }) => network[fault]))).toEqual([0, 40]);
    }
    const [least, most] = range(plans.map(({ network }) => network.delayMsMax));
    expect(least).toBeGreaterThanOrEqual(10);
    expect(most).toBeLessThan(2_010);
  });
});

describe("crashes", () => {
  it("are as many as planned, within the span, and none is longer than ten minutes and a second", async () => {
    const crashes = await crashesOf("span", 200);
    expect(crashes).toHaveLength(200);
    for (const { atUnixMs, downMs } of crashes) {
      expect(atUnixMs).toBeGreaterThanOrEqual(SPAN.fromUnixMs);
      expect(atUnixMs).toBeLessThan(SPAN.toUnixMs);
      expect(downMs).toBeGreaterThanOrEqual(1_000);
      expect(downMs).toBeLessThan(601_000);
    }
    expect(await crashesOf("span", 0)).toEqual([]);
  });

  it("come at the same moments to the same processes for a seed", async () => {
    expect(await crashesOf("same", 20)).toEqual(await crashesOf("same", 20));
    expect(await crashesOf("same", 20)).not.toEqual(await crashesOf("other", 20));
  });

  it("hit servers half of the time and more, though most processes are devices", async () => {
    const servers = (await crashesOf("who", 1_000)).filter(({ victim }) => victim === "server");
    expect(servers.length).toBeGreaterThan(450);
    expect(servers.length).toBeLessThan(600);
  });

  it("begin early enough to hit requests and contracts, too", () => {
    expect(CRASH_LEAD_MS).toBe(30 * 60_000);
  });
});
