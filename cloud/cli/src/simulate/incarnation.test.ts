import { SeededRandom, SimulatedDisk, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { watch } from "../../test/scripted-network.ts";
import { Incarnation } from "./incarnation.ts";

const BYTES = Buffer.from("bytes");

describe("the death of a process", () => {
  it("is told once to each who asked, and at once to those who ask later", () => {
    const life = new Incarnation();
    const told: string[] = [];
    life.onDeath(() => told.push("before"));
    expect([life.isAlive(), told]).toEqual([true, []]);
    life.kill();
    life.kill();
    life.onDeath(() => told.push("after"));
    expect([life.isAlive(), told]).toEqual([false, ["before", "after"]]);
  });

  it("is not told to those who do not want to know any more", () => {
    const life = new Incarnation();
    const told: string[] = [];
    const forget = life.onDeath(() => told.push("forgotten"));
    forget();
    life.kill();
    expect(told).toEqual([]);
  });
});

describe("the clock of a life", () => {
  it("is the world's, and its timers fire and can be cancelled while it lasts", async () => {
    const world = new VirtualClock(100);
    const clock = new Incarnation().clock(world);
    const fired: number[] = [];
    clock.after(10, () => fired.push(clock.nowUnixMs()));
    clock.after(20, () => fired.push(clock.nowUnixMs())).cancel();
    await world.advanceTo(200);
    expect(fired).toEqual([110]);
  });

  it("has no timer that fires after death, not even at the same moment", async () => {
    const world = new VirtualClock(0);
    const life = new Incarnation();
    const fired: string[] = [];
    life.clock(world).after(9, () => fired.push("before"));
    world.after(10, () => life.kill());
    life.clock(world).after(10, () => fired.push("at death"));
    life.clock(world).after(11, () => fired.push("after"));
    await world.advanceTo(20);
    expect(fired).toEqual(["before"]);
  });
});

describe("the disk of a life", () => {
  function setUp() {
    const real = new SimulatedDisk(new SeededRandom("disk"));
    const life = new Incarnation();
    return { real, life, disk: life.disk(real) };
  }

  it("is the process's while it lives", async () => {
    const { real, disk } = setUp();
    const file = await disk.openAppend("log");
    await file.append(BYTES);
    await file.sync();
    await disk.replace("state", BYTES);
    expect(file.sizeBytes()).toBe(BYTES.length);
    expect(await disk.list("")).toEqual(["log", "state"]);
    expect(await real.read("log")).toEqual(new Uint8Array(BYTES));
    await file.truncate(1);
    await file.close();
    await disk.remove("state");
    expect(await disk.read("state")).toBeUndefined();
    expect((await real.read("log"))?.length).toBe(1);
  });

  it("does nothing for the dead: what they ask for neither happens nor fails", async () => {
    const { real, life, disk } = setUp();
    const file = await disk.openAppend("log");
    await disk.replace("state", BYTES);
    life.kill();
    const asked = [
      file.append(BYTES),
      file.sync(),
      file.truncate(0),
      file.close(),
      disk.openAppend("other"),
      disk.read("state"),
      disk.replace("state", Buffer.from("changed")),
      disk.list(""),
      disk.remove("state"),
    ].map((promise) => watch<unknown>(promise));
    await new VirtualClock(0).advanceTo(1);
    expect(asked.map(({ state }) => state)).toEqual(asked.map(() => "open"));
    expect(await real.list("")).toEqual(["log", "state"]);
    expect(await real.read("state")).toEqual(new Uint8Array(BYTES));
    expect(await real.read("log")).toEqual(new Uint8Array());
  });
});
