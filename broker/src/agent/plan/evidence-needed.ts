import { HISTORY_DAYS } from "@gridpact/ledger/receipts";
import { DAY_MS } from "../../time-spans.ts";
import { type EventDocument, eventStartUnixMs, isFinished } from "../document/index.ts";
import { METER_BEFORE_UNITS } from "./device-baseline.ts";

/**
 * Since when readings may have to be proven for events that are not settled and receipted yet; infinity without one.
 * Proofs go back to the days behind a baseline, or to the units before the plan. What is finished has its evidence in
 * its receipts; disputes about it are a matter of how long the log keeps everything.
 */
export function evidenceNeededSinceUnixMs(events: readonly EventDocument[], mtuMs: number): number {
  const open = events.filter((event) => !isFinished(event));
  const since = open.map((event) => {
    const firstDay = eventStartUnixMs(event) - HISTORY_DAYS * DAY_MS;
    // The unit in which the plan was made began before it.
    return Math.min(firstDay, event.plannedAtUnixMs - (METER_BEFORE_UNITS + 1) * mtuMs);
  });
  return Math.min(...since);
}
