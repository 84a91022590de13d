import { type DsoEvent, dsoEventInput } from "@gridpact/dr-openadr";
import { type Clock, repeat, type SeededRandom, SimulatedDisk, silentLog } from "@gridpact/host";
import { Outbox, Timekeeper } from "@gridpact/ledger";
import { SqliteDocumentStore, type Vtn20b } from "@gridpact/openadr";
import { PROGRAMME } from "../wiring/market.ts";
import { openVtn20b } from "../wiring/vtn20b.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";
import { fingerprintOf, POLL_FREQUENCY } from "./simulated-openadr.ts";

/** Period of its attestations of time. */
const TICK_MS = 30_000;

/** The distribution system operator as VTN, and as neutral witness of time; nothing ever happens to it. */
export class SimulatedDso {
  readonly vtn: Vtn20b;
  readonly #random: SeededRandom;
  readonly #clock: Clock;

  constructor(random: SeededRandom, clock: Clock) {
    this.#random = random;
    this.#clock = clock;
    const vens = [{ venId: "aggregator", fingerprint: fingerprintOf("aggregator") }];
    this.vtn = openVtn20b(
      { vtnId: "dso", pollFrequency: POLL_FREQUENCY, vens },
      { store: new SqliteDocumentStore(":memory:"), clock, random },
    );
  }

  /** From now on it attests what has passed. */
  async start(simulated: SimulatedLedger): Promise<void> {
    const clock = this.#clock;
    const disk = new SimulatedDisk(this.#random.fork("disk"));
    const ledger = simulated.clientOf("dso", clock);
    const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock, ledger, log: silentLog });
    const timekeeper = await Timekeeper.open({ clock, disk, ledger, outbox, log: silentLog });
    repeat({ clock, periodMs: TICK_MS, task: () => timekeeper.tick(), onError: () => true });
  }

  publish(event: DsoEvent): void {
    this.vtn.createEvent(dsoEventInput(event, { venId: "aggregator", programme: PROGRAMME }));
  }
}
