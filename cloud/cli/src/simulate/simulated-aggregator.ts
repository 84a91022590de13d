import { AggregatorCore } from "@gridpact/aggregator";
import { type Clock, repeat, type SeededRandom, silentLog } from "@gridpact/host";
import { Outbox } from "@gridpact/ledger";
import { MTU_MS, VN_PRICE_MICRO_PER_WH } from "../wiring/market.ts";
import type { Incarnation } from "./incarnation.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";
import { type OwnMachine, SimulatedProcess } from "./simulated-process.ts";

/** Period of the loop; a market time unit has thirty of them. */
const TICK_MS = 30_000;

/** The aggregator as a simulated process. */
export class SimulatedAggregator extends SimulatedProcess {
  readonly #ledger: SimulatedLedger;
  #core: AggregatorCore | undefined;

  constructor(ledger: SimulatedLedger, random: SeededRandom, world: Clock) {
    super(random, world);
    this.#ledger = ledger;
  }

  /** The aggregator's core while it lives. */
  core(): AggregatorCore | undefined {
    return this.#core;
  }

  protected async live(incarnation: Incarnation, { clock, disk }: OwnMachine): Promise<void> {
    const ledger = this.#ledger.clientOf("aggregator", clock);
    const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock, ledger, log: silentLog });
    const core = await AggregatorCore.open({ mtuMs: MTU_MS }, { clock, disk, ledger, outbox, log: silentLog });
    for (const [vnId, priceMicroPerWh] of Object.entries(VN_PRICE_MICRO_PER_WH)) {
      await core.enrolVirtualNode({ vnId, mspId: "VnMSP", priceMicroPerWh });
    }
    if (!incarnation.isAlive()) return;
    this.#core = core;
    repeat({ clock, periodMs: TICK_MS, task: () => core.tick(), onError: () => true });
  }

  protected died(): void {
    this.#core = undefined;
  }
}
