// Publishes signed envelopes at a steady rate and ends by asking the virtual node whether it has them all:
// sent = stored + rejected, by its own counters.
//
//   loadtest/gridpact-k6 run -e VN=./.gridpact/loadtest.json loadtest/k6/steady.js
//
// `gridpact vn load-profile` writes the file named by VN: addresses, CA file and enrolment tokens for the devices.
import { check, fail } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";
import { openDevice } from "k6/x/gridpact";

const vn = JSON.parse(open(__ENV.VN || "./.gridpact/loadtest.json"));
const devices = Number(__ENV.DEVICES || Math.min(20, vn.devices.length));
const envelopes = Number(__ENV.ENVELOPES || 200);
const readings = Number(__ENV.READINGS || 10);

const sentReadings = new Counter("gridpact_readings_sent");
const pubackMs = new Trend("gridpact_puback_ms", true);

export const options = {
  scenarios: { steady: { executor: "per-vu-iterations", vus: devices, iterations: envelopes, maxDuration: "10m" } },
  summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max"],
  thresholds: { gridpact_puback_ms: ["p(99)<500"], checks: ["rate==1"] },
};

/** Readings that the virtual node says it stored and rejected, from its metrics page. */
function counted() {
  const page = http.get(`${vn.metricsUrl}/metrics`).body;
  const sum = (name) =>
    (page.match(new RegExp(`^${name}(\\{[^}]*\\})? ([0-9.e+]+)$`, "gm")) || []).reduce(
      (total, line) => total + Number(line.split(" ").pop()),
      0,
    );
  return {
    stored: sum("gridpact_ingest_readings_stored_total"),
    rejected: sum("gridpact_ingest_readings_rejected_total"),
  };
}

export function setup() {
  return { before: counted(), startedUnixMs: vn.nowUnixMs };
}

let device;

export default function (data) {
  const mine = vn.devices[exec.vu.idInTest - 1];
  device ??= openDevice({ ...mine, enrolUrl: vn.enrolUrl, mqttHost: vn.mqttHost, caFile: vn.caFile });
  const last = data.startedUnixMs + (exec.vu.iterationInScenario + 1) * readings * 1000;
  pubackMs.add(device.publish(last, 1000, readings, 500));
  sentReadings.add(readings);
}

export function teardown(data) {
  const after = counted();
  const arrived = after.stored - data.before.stored + after.rejected - data.before.rejected;
  const expected = devices * envelopes * readings;
  if (!check(arrived, { "sent = stored + rejected": (count) => count === expected })) {
    fail(`sent ${expected} readings, the virtual node has ${arrived}`);
  }
}
