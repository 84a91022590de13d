import { AggregatorCore } from "@gridpact/aggregator";
import { DsoFeed20b, DsoIntake, RequestDesk, Vtn20bBoard } from "@gridpact/dr-openadr";
import { type Clock, repeat, type SeededRandom, silentLog } from "@gridpact/host";
import { DisputeKeeper, Outbox, Timekeeper } from "@gridpact/ledger";
import { SqliteDocumentStore, type Vtn20b } from "@gridpact/openadr";
import {
  LEDGER_PROGRAMME,
  MTU_MS,
  PROGRAMME,
  PROGRAMME_TERMS,
  VN_IDS,
  VN_PRICE_MICRO_PER_WH,
} from "../wiring/market.ts";
import { marketKnowledge } from "../wiring/scenario.ts";
import { openVtn20b } from "../wiring/vtn20b.ts";
import type { Incarnation } from "./incarnation.ts";
import type { SimulatedNetwork } from "./network.ts";
import type { SimulatedDso } from "./simulated-dso.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";
import { fingerprintOf, POLL_FREQUENCY, simulatedTransport } from "./simulated-openadr.ts";
import { type OwnMachine, SimulatedProcess } from "./simulated-process.ts";

/** Period of the loop; a market time unit has thirty of them. */
const TICK_MS = 30_000;

/** Enough to decide between two nodes; a simulated day takes a second, and the tests play hundreds of them. */
const WHAT_IF_DRAWS = 16;

export type SimulatedAggregatorModules = {
  ledger: SimulatedLedger;
  dso: SimulatedDso;
  network: SimulatedNetwork;
  random: SeededRandom;
  world: Clock;
};

/** The aggregator as a simulated process: VEN of the DSO, VTN of the virtual nodes. */
export class SimulatedAggregator extends SimulatedProcess {
  readonly #modules: SimulatedAggregatorModules;
  /** What SQLite has committed outlives a crash, and it answers nothing before that; so these do. */
  readonly #vtnStore = new SqliteDocumentStore(":memory:");
  readonly #venStore = new SqliteDocumentStore(":memory:");
  #core: AggregatorCore | undefined;
  #vtn: Vtn20b | undefined;

  constructor(modules: SimulatedAggregatorModules) {
    super(modules.random, modules.world);
    this.#modules = modules;
  }

  /** The aggregator's core while it lives. */
  core(): AggregatorCore | undefined {
    return this.#core;
  }

  /** The VTN of the virtual nodes while it lives. */
  vtn(): Vtn20b | undefined {
    return this.#vtn;
  }

  protected async live(incarnation: Incarnation, own: OwnMachine): Promise<void> {
    const { clock, disk } = own;
    const ledger = this.#modules.ledger.clientOf("aggregator", clock);
    const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock, ledger, log: silentLog });
    const core = await AggregatorCore.open(
      { mtuMs: MTU_MS, whatIfDraws: WHAT_IF_DRAWS, programme: LEDGER_PROGRAMME },
      { clock, disk, ledger, outbox, log: silentLog, market: marketKnowledge },
    );
    for (const [vnId, priceMicroPerWh] of Object.entries(VN_PRICE_MICRO_PER_WH)) {
      await core.enrolVirtualNode({ vnId, mspId: "VnMSP", priceMicroPerWh });
    }
    const keeping = { clock, disk, ledger, outbox, log: silentLog };
    const timekeeper = await Timekeeper.open(keeping);
    const disputes = await DisputeKeeper.open({ vnId: "all" }, keeping);
    if (!incarnation.isAlive()) return;
    const random = this.#modules.random.fork(`life/${this.crashes()}`);
    const { vtn, desk } = this.#openDesk(core, own, random.fork("vtn"));
    const intake = this.#openIntake(core, own, { incarnation, random: random.fork("ven") });
    this.#core = core;
    this.#vtn = vtn;
    for (const loop of [core, desk, intake, timekeeper, disputes]) {
      repeat({ clock, periodMs: TICK_MS, task: () => loop.tick(), onError: () => true });
    }
  }

  protected died(): void {
    this.#core = undefined;
    this.#vtn = undefined;
  }

  #openDesk(book: AggregatorCore, { clock }: OwnMachine, random: SeededRandom) {
    const vens = VN_IDS.map((vnId) => ({ venId: vnId, fingerprint: fingerprintOf(vnId) }));
    const vtn = openVtn20b(
      { vtnId: "aggregator", pollFrequency: POLL_FREQUENCY, vens },
      { store: this.#vtnStore, clock, random, onNotification: (notification) => board.notice(notification) },
    );
    const board = new Vtn20bBoard(vtn);
    return { vtn, desk: new RequestDesk({ book, board, log: silentLog }) };
  }

  #openIntake(
    planner: AggregatorCore,
    { clock }: OwnMachine,
    { incarnation, random }: { incarnation: Incarnation; random: SeededRandom },
  ): DsoIntake {
    const { network, dso } = this.#modules;
    const transport = simulatedTransport({ network, caller: incarnation, name: "aggregator", vtn: () => dso.vtn });
    const feed = new DsoFeed20b(
      { venId: "aggregator", isSigning: false, programmes: new Map([[PROGRAMME, PROGRAMME_TERMS]]), mtuMs: MTU_MS },
      { store: this.#venStore, transport, clock, random },
    );
    return new DsoIntake({ feed, planner, log: silentLog });
  }
}
