import { silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { settled } from "../../test/engine-log.ts";
import { BackgroundTask } from "./background-task.ts";
import { OneAtATime } from "./one-at-a-time.ts";

/** A run that ends when the test says so. */
function heldRun() {
  const ends: { well: () => void; badly: (error: unknown) => void }[] = [];
  const run = () =>
    new Promise<void>((resolve, reject) => {
      ends.push({ well: resolve, badly: reject });
    });
  return { ends, task: new BackgroundTask("held", { log: silentLog, run }) };
}

describe("BackgroundTask", () => {
  it("makes one more run for all the calls during a run", async () => {
    const { ends, task } = heldRun();
    task.wake();
    task.wake();
    task.wake();
    expect(ends.length).toBe(1);
    ends[0]?.well();
    await settled();
    expect(ends.length).toBe(2);
    ends[1]?.well();
    await task.idle();
    expect(ends.length).toBe(2);
    task.wake();
    expect(ends.length).toBe(3);
  });

  it("counts a run that failed and makes another when it is woken", async () => {
    const { ends, task } = heldRun();
    task.wake();
    ends[0]?.badly(new Error("no ledger"));
    await task.idle();
    expect(task.failures()).toBe(1);
    task.wake();
    ends[1]?.well();
    await task.idle();
    expect(task.failures()).toBe(1);
  });

  it("begins no run once it is stopped", async () => {
    const { ends, task } = heldRun();
    task.wake();
    task.wake();
    task.stop();
    ends[0]?.well();
    await task.idle();
    task.wake();
    expect(ends.length).toBe(1);
    expect(task.isStopped()).toBe(true);
  });
});

describe("OneAtATime", () => {
  it("runs acts in order, past those that fail", async () => {
    const acts = new OneAtATime();
    const order: string[] = [];
    const act = (name: string, outcome: Promise<void>) => async () => {
      order.push(`${name} begins`);
      await outcome;
      order.push(`${name} ends`);
    };
    let release = () => undefined as unknown;
    const held = new Promise<void>((resolve) => {
      release = resolve as () => undefined;
    });
    const failed = expect(acts.run(act("a", Promise.reject(new Error("a failed"))))).rejects.toThrow("a failed");
    const second = acts.run(act("b", held));
    const third = acts.run(act("c", Promise.resolve()));
    await failed;
    await settled();
    expect(order).toEqual(["a begins", "b begins"]);
    release();
    await Promise.all([second, third]);
    expect(order).toEqual(["a begins", "b begins", "b ends", "c begins", "c ends"]);
  });
});
