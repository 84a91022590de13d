import { describe, expect, it } from "vitest";
import { acceleratedClock, repeat, sleep, wallClock } from "./clock.ts";
import { VirtualClock } from "./virtual-clock.ts";

describe("VirtualClock", () => {
  it("fires timers in order of time, then of creation", async () => {
    const clock = new VirtualClock(1_000);
    const fired: string[] = [];
    clock.after(20, () => fired.push("late"));
    clock.after(10, () => fired.push(`first at ${clock.nowUnixMs()}`));
    clock.after(10, () => fired.push("second"));
    clock.after(15, () => fired.push("cancelled")).cancel();
    await clock.advanceTo(1_015);
    expect(fired).toEqual(["first at 1010", "second"]);
    await clock.advanceTo(2_000);
    expect(fired.at(-1)).toBe("late");
    expect(clock.nowUnixMs()).toBe(2_000);
  });

  it("keeps the order for many timers in any order of creation", async () => {
    const clock = new VirtualClock(0);
    const fired: number[] = [];
    for (let index = 0; index < 500; index++) clock.after((index * 7_919) % 1_009, () => fired.push(clock.nowUnixMs()));
    await clock.advanceTo(2_000);
    expect(fired).toEqual([...fired].sort((left, right) => left - right));
    expect(fired).toHaveLength(500);
  });

  it("lets promise chains run to their end before the next timer", async () => {
    const clock = new VirtualClock(0);
    const fired: string[] = [];
    clock.after(1, () => {
      void (async () => {
        for (let step = 0; step < 5; step++) await Promise.resolve();
        fired.push("chain done");
      })();
    });
    clock.after(1, () => fired.push("next timer"));
    await clock.advanceTo(1);
    expect(fired).toEqual(["chain done", "next timer"]);
  });
});

describe("repeat", () => {
  it("runs until cancelled and never overlaps itself", async () => {
    const clock = new VirtualClock(0);
    let runs = 0;
    const timer = repeat({
      clock,
      periodMs: 10,
      task: async () => {
        runs += 1;
        await sleep(clock, 5);
      },
      onError: () => false,
    });
    await clock.advanceTo(45);
    expect(runs).toBe(3);
    timer.cancel();
    await clock.advanceTo(500);
    expect(runs).toBe(3);
  });

  it("asks after an error whether to go on", async () => {
    const clock = new VirtualClock(0);
    const errors: unknown[] = [];
    const fail = async () => {
      throw new Error("down");
    };
    repeat({ clock, periodMs: 10, task: fail, onError: (error) => errors.push(error) < 2 });
    await clock.advanceTo(100);
    expect(errors).toHaveLength(2);
  });
});

describe("acceleratedClock", () => {
  it("shows its start at the agreed real instant and never runs backwards", () => {
    const clock = acceleratedClock({ realStartUnixMs: Date.now(), startUnixMs: 5_000, speed: 360 });
    const first = clock.nowUnixMs();
    expect(first).toBeGreaterThanOrEqual(5_000);
    expect(clock.nowUnixMs()).toBeGreaterThanOrEqual(first);
    expect(wallClock().nowUnixMs()).toBeGreaterThan(first);
  });
});
