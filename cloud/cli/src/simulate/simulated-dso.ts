import { type DsoEvent, dsoEventInput } from "@gridpact/dr-openadr";
import type { Clock, SeededRandom } from "@gridpact/host";
import { SqliteDocumentStore, type Vtn20b } from "@gridpact/openadr";
import { PROGRAMME } from "../wiring/market.ts";
import { openVtn20b } from "../wiring/vtn20b.ts";
import { fingerprintOf, POLL_FREQUENCY } from "./simulated-openadr.ts";

/** The distribution system operator as VTN; nothing ever happens to it. */
export class SimulatedDso {
  readonly vtn: Vtn20b;

  constructor(random: SeededRandom, clock: Clock) {
    const vens = [{ venId: "aggregator", fingerprint: fingerprintOf("aggregator") }];
    this.vtn = openVtn20b(
      { vtnId: "dso", pollFrequency: POLL_FREQUENCY, vens },
      { store: new SqliteDocumentStore(":memory:"), clock, random },
    );
  }

  publish(event: DsoEvent): void {
    this.vtn.createEvent(dsoEventInput(event, { venId: "aggregator", programme: PROGRAMME }));
  }
}
