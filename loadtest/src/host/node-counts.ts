import { sleep, wallClock } from "@gridpact/host";

/** What became of everything that a virtual node was sent, by its own metrics. */
export type CountedByNode = {
  accepted: number;
  rejected: number;
  duplicate: number;
  readings: number;
  batches: number;
  /** Records of the log that the store has still to take. */
  storeLag: number;
  storedReadings: number;
};

/** @throws when there is no answer: a host that is gone must not look like one that counted nothing */
export async function countedByNode(healthPort: number): Promise<CountedByNode> {
  const answer = await fetch(`http://127.0.0.1:${healthPort}/metrics`);
  if (!answer.ok) throw new Error(`the virtual node's metrics answer ${answer.status}`);
  const page = await answer.text();
  return {
    accepted: sumOf(page, "gridpact_ingest_accepted_envelopes_total"),
    rejected: sumOf(page, "gridpact_ingest_rejected_envelopes_total"),
    duplicate: sumOf(page, "gridpact_ingest_duplicate_envelopes_total"),
    readings: sumOf(page, "gridpact_ingest_accepted_readings_total"),
    batches: sumOf(page, "gridpact_ingest_batches_total"),
    storeLag: sumOf(page, "gridpact_store_lag_records"),
    storedReadings: sumOf(page, "gridpact_store_written_readings_total"),
  };
}

/** Between two looks: short against a round, and rare enough that the looks cost nothing. */
const LOOK_PERIOD_MS = 50;

/** Resolves when the store has everything that the log has, with the counts of that moment. */
export async function whenStoreHasAll(healthPort: number): Promise<CountedByNode> {
  for (;;) {
    const counted = await countedByNode(healthPort);
    if (counted.storeLag === 0) return counted;
    await sleep(wallClock(), LOOK_PERIOD_MS);
  }
}

/** Over all labels; a counter that counted nothing yet may have no line. */
export function sumOf(page: string, name: string): number {
  const lines = page.match(new RegExp(`^${name}(\\{[^}]*\\})? [0-9.e+]+$`, "gm")) ?? [];
  return lines.reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
}
