import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import type { LedgerEvent } from "../client/index.ts";
import { EventFollower } from "./event-follower.ts";

const MINUTE_MS = 60_000;

/** A clock that counts what waits by it. */
class CountingClock extends VirtualClock {
  timers = 0;

  override after(...timer: Parameters<VirtualClock["after"]>): ReturnType<VirtualClock["after"]> {
    this.timers += 1;
    return super.after(...timer);
  }
}

const event = (name: string, blockNumber: number): LedgerEvent => ({
  blockNumber,
  transactionId: "tx",
  name,
  payload: null,
});

async function follow(events: LedgerEvent[], disk = new SimulatedDisk(new SeededRandom("follower"))) {
  const clock = new CountingClock(0);
  const readFrom: number[] = [];
  const ledger = {
    async *events(fromBlock: number) {
      readFrom.push(fromBlock);
      yield* events.filter(({ blockNumber }) => blockNumber >= fromBlock);
      throw new Error("the stream broke");
    },
  };
  const options = { cursorPath: "cursor.json", waitingMax: 2, keysOf: async ({ name }: LedgerEvent) => [name] };
  const follower = await EventFollower.open<string>(options, { clock, disk, ledger, log: silentLog });
  const goOn = () => clock.advanceTo(clock.nowUnixMs() + MINUTE_MS);
  await goOn();
  return { follower, clock, disk, readFrom, goOn };
}

const EVENTS = [event("a", 1), event("b", 2), event("c", 3)];

describe("who follows events", () => {
  it("takes as many as it may, and one more only when one of them is done", async () => {
    const { follower, goOn } = await follow(EVENTS);
    expect(follower.waiting()).toEqual(["a", "b"]);
    follower.done("a");
    await goOn();
    expect(follower.waiting()).toEqual(["b", "c"]);
  });

  it("waits for room no more once it is closed, and leaves what had none for the next run", async () => {
    const { follower, clock, disk, goOn } = await follow(EVENTS);
    follower.close();
    await goOn();
    const timers = clock.timers;
    await goOn();
    expect(clock.timers).toBe(timers);
    follower.done("a");
    follower.done("b");
    await follower.save();
    expect(follower.waiting()).toEqual([]);
    const next = await follow(EVENTS, disk);
    expect(next.readFrom[0]).toBe(2);
    expect(next.follower.waiting()).toContain("c");
  });

  it("reads on from the oldest event that is not done, in another run too", async () => {
    const first = await follow(EVENTS.slice(0, 2));
    first.follower.done("b");
    await first.follower.save();
    expect((await follow(EVENTS, first.disk)).readFrom[0]).toBe(1);
  });
});
