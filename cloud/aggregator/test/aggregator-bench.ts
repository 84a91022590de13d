import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import type { DrRequest } from "@gridpact/proto";
import { AggregatorCore, type AggregatorModules, type AggregatorOptions } from "../src/index.ts";
import { START } from "./event-samples.ts";
import { FakeLedger } from "./fake-ledger.ts";

/** An aggregator on a virtual clock, a simulated disk and a fake ledger, with two virtual nodes. */
export class AggregatorBench {
  readonly clock = new VirtualClock(START - 3_600_000);
  readonly disk = new SimulatedDisk(new SeededRandom("aggregator"));
  readonly ledger = new FakeLedger();
  readonly #options: Partial<AggregatorOptions>;
  #core: AggregatorCore | undefined;

  constructor(options: Partial<AggregatorOptions> = {}) {
    // Few draws: these tests are about what follows from a decision, and a restart takes it again.
    this.#options = { whatIfDraws: 8, ...options };
  }

  core(): AggregatorCore {
    if (this.#core === undefined) throw new Error("the bench is not open");
    return this.#core;
  }

  /** Opens the aggregator, again after a crash as well. */
  async open(modules: Partial<AggregatorModules> = {}): Promise<AggregatorCore> {
    const { clock, disk, ledger } = this;
    this.#core = await AggregatorCore.open(this.#options, {
      clock,
      disk,
      ledger,
      outbox: ledger.outbox,
      log: silentLog,
      ...modules,
    });
    return this.#core;
  }

  /** Enrols the two nodes and lets both say that they are there. */
  async enrolNodes(reduceWMax = 4_000): Promise<void> {
    await this.core().enrolVirtualNode({ vnId: "district", mspId: "VnMSP", priceMicroPerWh: 60n });
    await this.core().enrolVirtualNode({ vnId: "offices", mspId: "VnMSP", priceMicroPerWh: 80n });
    await this.beat("district", reduceWMax);
    await this.beat("offices", reduceWMax);
  }

  beat(vnId: string, reduceWMax = 4_000): Promise<void> {
    return this.core().register({ vnId, feidCount: 30, importW: 12_000, reduceWMax, reboundPerMille: 500 });
  }

  /** Requests that wait for the node's answer. */
  openRequests(vnId: string): DrRequest[] {
    const placed = this.core()
      .events()
      .flatMap((event) => (event.result === null ? event.requests : []));
    return placed
      .filter(({ request, state }) => request.vnId === vnId && state === "open")
      .map(({ request }) => request);
  }

  /** Ticks until the acts that a tick began are seen through. */
  async settleDown(): Promise<void> {
    for (let count = 0; count < 4; count++) {
      await this.core().tick();
      await this.clock.advanceTo(this.clock.nowUnixMs());
    }
  }
}
