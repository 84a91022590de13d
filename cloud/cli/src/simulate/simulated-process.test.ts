import { SeededRandom, VirtualClock } from "@gridpact/host";
import { beforeEach, describe, expect, it } from "vitest";
import type { Incarnation } from "./incarnation.ts";
import { type OwnMachine, SimulatedProcess } from "./simulated-process.ts";

/** A process that keeps a line of what was synced, and one of what was not, and ticks. */
class Diary extends SimulatedProcess {
  readonly seen: string[] = [];

  protected async live(_life: Incarnation, { clock, disk }: OwnMachine): Promise<void> {
    this.seen.push(`finds ${Buffer.from((await disk.read("diary")) ?? []).toString()}`);
    const file = await disk.openAppend("diary");
    await file.append(Buffer.from("synced "));
    await file.sync();
    clock.after(100, () => this.seen.push(`ticks at ${clock.nowUnixMs()}`));
  }

  protected died(): void {
    this.seen.push("dies");
  }
}

let world: VirtualClock;
let diary: Diary;

beforeEach(() => {
  world = new VirtualClock(0);
  diary = new Diary(new SeededRandom("process"), world);
});

describe("a simulated process", () => {
  it("has no life before its start, and one after it", async () => {
    expect(diary.life()).toBeUndefined();
    await diary.start();
    expect(diary.life()?.isAlive()).toBe(true);
    expect(diary.crashes()).toBe(0);
  });

  it("that crashes is down for a while, then lives on what its disk kept", async () => {
    await diary.start();
    diary.crash(50);
    expect([diary.life(), diary.crashes()]).toEqual([undefined, 1]);
    await world.advanceTo(49);
    expect(diary.seen).toEqual(["finds ", "dies"]);
    await world.advanceTo(200);
    expect(diary.seen).toEqual(["finds ", "dies", "finds synced ", "ticks at 150"]);
  });

  it("that is down cannot crash again: it comes back once", async () => {
    diary.crash(10);
    await diary.start();
    diary.crash(50);
    diary.crash(1);
    await world.advanceTo(60);
    expect(diary.crashes()).toBe(1);
    expect(diary.seen.filter((line) => line.startsWith("finds"))).toHaveLength(2);
  });
});
