import type { Disk } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import type { DrEvent } from "../src/index.ts";
import { AggregatorBench } from "./aggregator-bench.ts";
import { acceptance, QUARTER_MS, START, samplePlan } from "./event-samples.ts";

const END = START + 4 * QUARTER_MS;
const STEP_MS = 300_000;

/** Ends the process at one durable step: right before the disk has it, or right after. */
type Crash = { atWrite: number; isWritten: boolean };

class CrashingDisk {
  writes = 0;
  hasCrashed = false;
  readonly #crash: Crash | undefined;

  constructor(crash?: Crash) {
    this.#crash = crash;
  }

  over(disk: Disk): Disk {
    return {
      openAppend: (path) => disk.openAppend(path),
      read: (path) => disk.read(path),
      list: (directory) => disk.list(directory),
      remove: (path) => disk.remove(path),
      replace: async (path, bytes) => {
        this.writes += 1;
        const isHere = this.#crash?.atWrite === this.writes;
        if (!isHere || this.#crash?.isWritten) await disk.replace(path, bytes);
        if (isHere) {
          this.hasCrashed = true;
          throw new Error("the process ended here");
        }
      },
    };
  }
}

/** Plays a day in which the district falls short and the offices are called; restarts after the crash. */
async function playDay(crash?: Crash): Promise<{ event: DrEvent; effects: string[]; writes: number }> {
  const bench = new AggregatorBench();
  const disk = new CrashingDisk(crash);
  await bench.open({ disk: disk.over(bench.disk) });
  let isRestarted = false;
  const attempt = async (task: () => Promise<unknown>) => {
    await task().catch(() => undefined);
    if (disk.hasCrashed && !isRestarted) {
      isRestarted = true;
      await bench.open();
      // Whoever called the aggregator calls again, as there was no answer.
      await task();
    }
  };
  await attempt(() => bench.enrolNodes());
  await attempt(() => bench.core().planEvent(samplePlan()));
  for (let now = bench.clock.nowUnixMs(); now <= END + 2 * STEP_MS; now += STEP_MS) {
    await bench.clock.advanceTo(now);
    await attempt(() => playNodes(bench));
    await attempt(() => bench.settleDown());
  }
  const event = bench.core().event("evening-peak") as DrEvent;
  return { event, effects: [...bench.ledger.effects].sort(), writes: disk.writes };
}

/** The nodes' part; every call may be made again. */
async function playNodes(bench: AggregatorBench): Promise<void> {
  for (const vnId of ["district", "offices"]) {
    await bench.beat(vnId);
    for (const { requestId, orderedWh } of bench.openRequests(vnId)) {
      await bench.core().respond(requestId, acceptance(orderedWh));
    }
  }
  for (const contractId of bench.ledger.sc1.keys()) await playContract(bench, contractId);
}

/** Accepts, reports what is over, settles; the district delivers only half. */
async function playContract(bench: AggregatorBench, contractId: string): Promise<void> {
  const { clock, ledger } = bench;
  const { terms, state } = ledger.sc1.get(contractId) ?? {};
  if (terms === undefined || state === "completed") return;
  const nowUnixMs = clock.nowUnixMs();
  if (state === "proposed" && nowUnixMs < (terms.intervals[0]?.startUnixMs ?? 0)) ledger.accept(contractId);
  const deliveredWh = terms.orderedWh.map((wh) => (terms.vnId === "district" ? wh / 2n : wh));
  const over = terms.intervals.filter(({ endUnixMs }) => endUnixMs <= nowUnixMs).length;
  for (const [intervalIndex, wh] of deliveredWh.slice(0, over).entries()) {
    await bench.core().report(contractId, { intervalIndex, deliveredWh: wh, shortfallWh: 0n });
  }
  if (state === "accepted" && nowUnixMs >= END) {
    ledger.settle(contractId, [{ deviceId: `feid-${terms.vnId}`, deliveredWh }]);
  }
}

describe("the aggregator, killed at any durable step,", () => {
  it("comes to the same end as without", async () => {
    const undisturbed = await playDay();
    expect(undisturbed.event.result).toMatchObject({ deliveredWh: 1_250n, rearrangedWh: 250n, deficientWh: 750n });
    expect(undisturbed.writes).toBeGreaterThan(20);
    for (let atWrite = 1; atWrite <= undisturbed.writes; atWrite++) {
      for (const isWritten of [false, true]) {
        const { event, effects } = await playDay({ atWrite, isWritten });
        const where = `killed ${isWritten ? "after" : "before"} write ${atWrite}`;
        expect(event.result, where).toEqual(undisturbed.event.result);
        expect(effects, where).toEqual(undisturbed.effects);
      }
    }
  });
});
