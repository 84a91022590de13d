// Envelopes of all sizes at once: single readings, ten, an hour of minutes, a day of minutes.
//   -e DEVICES=20 -e ENVELOPES=100
import exec from "k6/execution";
import { Trend } from "k6/metrics";
import { begin, devices, publish, reconcile, summaryTrendStats, thresholds, wholeNumber } from "./virtual-node.js";

const envelopes = wholeNumber("ENVELOPES", 100, 1_000_000);

/** Readings in an envelope, by its number: seven of ten are single ones, and a day's come rarely. */
const SIZES = [1, 1, 10, 1, 1, 60, 1, 10, 1, 1_440];

/** How long a single reading waits while large envelopes are about. */
const smallPubackMs = new Trend("gridpact_small_puback_ms", true);

export const options = {
  scenarios: { mixed: { executor: "per-vu-iterations", vus: devices, iterations: envelopes, maxDuration: "1h" } },
  summaryTrendStats,
  thresholds: {
    ...thresholds,
    gridpact_small_puback_ms: ["p(99)<500"],
    gridpact_envelopes_sent: [`count==${devices * envelopes}`],
  },
};

export const setup = begin;

export default function () {
  // Each device begins elsewhere in the list, so that all sizes are under way at any time.
  const size = SIZES[(exec.vu.iterationInScenario + exec.vu.idInTest) % SIZES.length];
  const startedAt = Date.now();
  publish(size);
  if (size === 1) smallPubackMs.add(Date.now() - startedAt);
}

export const teardown = reconcile;
