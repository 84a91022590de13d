// All devices lose their connection at the same moment and come back at once, as after a power cut; then they send.
//   -e DEVICES=200 -e STORMS=3 -e READINGS=1

import { sleep } from "k6";
import exec from "k6/execution";
import { Trend } from "k6/metrics";
import {
  begin,
  devices,
  ownDevice,
  publish,
  reconcile,
  summaryTrendStats,
  thresholds,
  wholeNumber,
} from "./virtual-node.js";

const storms = wholeNumber("STORMS", 3, 1_000);
const readings = wholeNumber("READINGS", 1, 1_440);

/** Time for one storm: all devices have to be back before the next one begins. */
const STORM_SECONDS = wholeNumber("STORM_SECONDS", 20, 600);

/** From the cut to CONNACK, mutual TLS handshake included. */
const reconnectMs = new Trend("gridpact_reconnect_ms", true);

export const options = {
  scenarios: { storm: { executor: "per-vu-iterations", vus: devices, iterations: storms, maxDuration: "1h" } },
  summaryTrendStats,
  thresholds: {
    ...thresholds,
    gridpact_reconnect_ms: [`max<${STORM_SECONDS * 1_000}`],
    gridpact_envelopes_sent: [`count==${devices * storms * 2}`],
  },
};

export const setup = begin;

export default function () {
  const device = ownDevice();
  publish(readings);
  sleepUntil((exec.vu.iterationInScenario + 1) * STORM_SECONDS);
  reconnectMs.add(device.reconnect());
  publish(readings);
}

/** The same moment for all: so many seconds after the scenario began. */
function sleepUntil(seconds) {
  const left = seconds - (Date.now() - exec.scenario.startTime) / 1_000;
  if (left > 0) sleep(left);
}

export const teardown = reconcile;
