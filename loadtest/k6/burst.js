// Devices that were offline come back and send all they have at once, again and again; between two bursts they rest.
//   -e DEVICES=20 -e BURSTS=5 -e ENVELOPES=200 -e READINGS=10
import { sleep } from "k6";
import { begin, devices, publishBurst, reconcile, summaryTrendStats, thresholds, wholeNumber } from "./virtual-node.js";

const bursts = wholeNumber("BURSTS", 5, 10_000);
/** Of one device in one burst; a FEID has at most 32 on the way, so more of them wait in the client. */
const envelopes = wholeNumber("ENVELOPES", 200, 10_000);
const readings = wholeNumber("READINGS", 10, 1_440);

const REST_SECONDS = 2;

export const options = {
  scenarios: { burst: { executor: "per-vu-iterations", vus: devices, iterations: bursts, maxDuration: "1h" } },
  summaryTrendStats,
  thresholds: {
    ...thresholds,
    // The last envelope of a burst waits for all before it.
    gridpact_puback_ms: ["p(99)<5000"],
    gridpact_envelopes_sent: [`count==${devices * bursts * envelopes}`],
  },
};

export const setup = begin;

export default function () {
  publishBurst(envelopes, readings);
  sleep(REST_SECONDS);
}

export const teardown = reconcile;
