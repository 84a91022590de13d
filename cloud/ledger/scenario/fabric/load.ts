import { SeededRandom, SimulatedDisk, silentLog, sleep, wallClock } from "@gridpact/host";
import { type LedgerArgument, Outbox } from "../../src/index.ts";
import { BulkEvent, enrolMany } from "../bulk-event.ts";
import type { Market } from "../market.ts";

/** Settlements of one load: begun one at a time, they last half a minute. */
const SETTLEMENTS = 200;

/** An open load: acts begin whatever became of those before, so that a standstill is not hidden. */
const ACT_EVERY_MS = 150;

/** What a load saw. */
export type LoadReport = {
  settled: number;
  failed: number;
  /** Devices that were paid anything else than once what they earned. */
  misPaid: number;
  /** Longest time between two commits while settlements were being begun, ms of the machine's time. */
  gapMsMax: number;
};

/** Settlements of an event, each an act of its own through the virtual node's outbox. */
export class SettlementLoad {
  readonly #event: BulkEvent;
  readonly #outbox: Outbox;
  readonly #name: string;
  readonly #committedAtMs: number[] = [];
  readonly #acts: Promise<void>[] = [];
  #failed = 0;
  #isOver = false;
  readonly #beginning: Promise<void>;

  private constructor(event: BulkEvent, outbox: Outbox, name: string) {
    this.#event = event;
    this.#outbox = outbox;
    this.#name = name;
    this.#beginning = this.#beginAll();
  }

  /** Has an event with its contracts accepted and its readings anchored, and begins to settle it. */
  static async start(market: Market, name: string): Promise<SettlementLoad> {
    const feids = await enrolMany(market, name, SETTLEMENTS);
    const event = new BulkEvent(market, name, feids);
    await event.setUpSc1();
    await event.offer();
    await event.accept();
    await event.meter();
    const disk = new SimulatedDisk(new SeededRandom(name));
    const modules = { disk, clock: wallClock(), ledger: market.vn, log: silentLog };
    // A short wait: what a lost block took along is submitted again while somebody looks on.
    const outbox = await Outbox.open({ directory: "outbox", statusWaitMs: 10_000 }, modules);
    return new SettlementLoad(event, outbox, name);
  }

  settled(): number {
    return this.#committedAtMs.length;
  }

  /** Begins what is left at once, waits for all of it, and has everybody paid. */
  async finish(): Promise<LoadReport> {
    const gapMsMax = this.#gapMsMax();
    this.#isOver = true;
    await this.#beginning;
    await Promise.all(this.#acts);
    await this.#outbox.close();
    await this.#event.sumChunks();
    await this.#event.settleWhole();
    await this.#event.complete();
    return { settled: this.settled(), failed: this.#failed, misPaid: await this.#event.misPaid(0n), gapMsMax };
  }

  async #beginAll(): Promise<void> {
    for (let index = 0; index < SETTLEMENTS; index++) {
      this.#acts.push(this.#settle(index));
      if (!this.#isOver) await sleep(wallClock(), ACT_EVERY_MS);
    }
  }

  async #settle(index: number): Promise<void> {
    const argument = this.#event.settlementOf(index);
    const { contractId } = argument;
    try {
      const options = { lane: contractId };
      await this.#outbox.execute(`${this.#name} ${index}`, "sc2:SettleDR", argument as LedgerArgument, options);
      this.#committedAtMs.push(performance.now());
    } catch {
      this.#failed += 1;
    }
  }

  #gapMsMax(): number {
    const times = [...this.#committedAtMs, performance.now()];
    return Math.round(Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at))));
  }
}
