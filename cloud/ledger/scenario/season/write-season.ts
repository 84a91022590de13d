import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { SeededRandom } from "@gridpact/host";
import { BulkEvent, enrolMany } from "../bulk-event.ts";
import { openEmbeddedWorld } from "../embedded-world.ts";
import { Market } from "../market.ts";

export type SeasonOptions = {
  /** Settlements of all events together. */
  settlements: number;
  /** Devices of the one virtual node; all of them take part in every event but the last. */
  devices: number;
  /** The same seed makes the same blocks. */
  seed: string;
};

/** Lies beside the blocks: whose signatures make them. */
export const TRUST_FILE = "trust.json";

/**
 * Plays a season of events on an embedded ledger in a directory: set up, accepted, metered, settled and paid, one event
 * after the other. It takes some four times as long as the audit of what it leaves behind.
 * @param tell - Learns how many settlements there are, after each event
 */
export async function writeSeason(
  { settlements, devices, seed }: SeasonOptions,
  directory: string,
  tell: (settled: number) => void = () => undefined,
): Promise<void> {
  const world = await openEmbeddedWorld(new SeededRandom(seed), directory);
  writeFileSync(join(directory, TRUST_FILE), JSON.stringify(world.consortium));
  const market = new Market(world);
  await market.open();
  const feids = await enrolMany(market, "season", Math.min(devices, settlements));
  for (let settled = 0, event = 0; settled < settlements; event++) {
    const takers = feids.slice(0, settlements - settled);
    await playEvent(new BulkEvent(market, `event-${event}`, takers));
    settled += takers.length;
    tell(settled);
  }
  await world.close();
}

async function playEvent(event: BulkEvent): Promise<void> {
  await event.setUpSc1();
  await event.offer();
  await event.accept();
  await event.meter();
  await event.settle();
  await event.complete();
}
