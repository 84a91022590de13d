// Many devices, each of which sends its next envelope when the last is acknowledged.
//   -e DEVICES=20 -e ENVELOPES=200 -e READINGS=10 -e FORGED=0
import exec from "k6/execution";
import {
  begin,
  devices,
  ownDevice,
  publish,
  publishForged,
  reconcile,
  summaryTrendStats,
  thresholds,
  wholeNumber,
} from "./virtual-node.js";

const envelopes = wholeNumber("ENVELOPES", 200, 1_000_000);
/** Readings in an envelope; a virtual node takes 1,440 at most. */
const readings = wholeNumber("READINGS", 10, 1_440);
/** Envelopes with a broken signature, of each device; the sixteenth would quarantine it. */
const forged = wholeNumber("FORGED", 0, Math.min(15, envelopes));

export const options = {
  scenarios: { steady: { executor: "per-vu-iterations", vus: devices, iterations: envelopes, maxDuration: "1h" } },
  summaryTrendStats,
  thresholds: {
    ...thresholds,
    gridpact_puback_ms: ["p(99)<500"],
    gridpact_envelopes_sent: [`count==${devices * (envelopes + forged)}`],
  },
};

export const setup = begin;

export default function () {
  const iteration = exec.vu.iterationInScenario;
  if (iteration < forged) publishForged();
  publish(readings);
  if (iteration === envelopes - 1) ownDevice().close();
}

export const teardown = reconcile;
