// Publishes signed envelopes from many devices, each sending its next one when the last is acknowledged, and ends by
// asking the virtual node whether it has them all: sent = stored + rejected, by its own counters.
//
//   npx gridpact load-profile --vn district --devices 20 --out .gridpact/loadtest.json
//   npm run loadtest -w loadtest -- .gridpact/loadtest.json -e ENVELOPES=500
//
// A profile serves one run, as its enrolment tokens do. Nothing else may send to the virtual node meanwhile: its
// counters do not tell devices apart.
import { check, fail } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";
import { openDevice } from "k6/x/gridpact";

/** k6 opens files relative to the script. */
const vn = JSON.parse(open(__ENV.VN || "../../.gridpact/loadtest.json"));

const devices = wholeNumber("DEVICES", Math.min(20, vn.devices.length), vn.devices.length);
const envelopes = wholeNumber("ENVELOPES", 200, 1_000_000);
/** Readings in an envelope; a virtual node takes 1,440 at most. */
const readings = wholeNumber("READINGS", 10, 1_440);
/** Envelopes with a broken signature, of each device; the sixteenth would quarantine it. */
const forged = wholeNumber("FORGED", 0, Math.min(15, envelopes));

const STEP_MS = 1_000;
const POWER_W = 500;

const pubackMs = new Trend("gridpact_puback_ms", true);
const envelopesSent = new Counter("gridpact_envelopes_sent");
const envelopesAccepted = new Counter("gridpact_envelopes_accepted");
const envelopesRejected = new Counter("gridpact_envelopes_rejected");
const readingsSent = new Counter("gridpact_readings_sent");
const readingsAccepted = new Counter("gridpact_readings_accepted");

export const options = {
  scenarios: { steady: { executor: "per-vu-iterations", vus: devices, iterations: envelopes, maxDuration: "10m" } },
  summaryTrendStats: ["avg", "med", "p(95)", "p(99)", "max"],
  thresholds: {
    checks: ["rate==1"],
    gridpact_puback_ms: ["p(99)<500"],
    gridpact_envelopes_sent: [`count==${devices * (envelopes + forged)}`],
  },
};

export function setup() {
  const ready = http.get(`${vn.metricsUrl}/ready`);
  if (ready.status !== 200) fail(`the virtual node is not ready: ${ready.status} ${ready.body || ready.error}`);
  return { before: counted() };
}

let device;

export default function () {
  device ??= opened(vn.devices[exec.vu.idInTest - 1]);
  const iteration = exec.vu.iterationInScenario;
  const lastUnixMs = endOf(iteration);
  if (iteration < forged) {
    pubackMs.add(device.publishForged(lastUnixMs));
    envelopesSent.add(1);
  }
  pubackMs.add(device.publish(lastUnixMs, STEP_MS, readings, POWER_W));
  envelopesSent.add(1);
  readingsSent.add(readings);
  if (iteration === envelopes - 1) device.close();
}

export function teardown({ before }) {
  const after = counted();
  const accepted = after.accepted - before.accepted;
  const rejected = after.rejected - before.rejected;
  const acceptedReadings = after.readings - before.readings;
  envelopesAccepted.add(accepted);
  envelopesRejected.add(rejected);
  readingsAccepted.add(acceptedReadings);
  const isReconciled = check(null, {
    "sent = stored + rejected": () => accepted + rejected === devices * (envelopes + forged),
    "rejected = forged": () => rejected === devices * forged,
    "every reading of a good envelope is stored": () => acceptedReadings === devices * envelopes * readings,
    "nothing came twice": () => after.duplicate === before.duplicate,
  });
  if (!isReconciled) fail(`before ${JSON.stringify(before)}, after ${JSON.stringify(after)}`);
}

/** A device that cannot enrol makes the whole run pointless: the sums at its end would not add up. */
function opened(mine) {
  try {
    return openDevice({ ...mine, enrolUrl: vn.enrolUrl, mqttHost: vn.mqttHost, caFile: vn.caFile });
  } catch (error) {
    return exec.test.abort(String(error));
  }
}

/**
 * Time of the last reading of an envelope. The run ends at the virtual node's time of the profile, so no reading lies
 * ahead of its clock, however that clock runs.
 */
function endOf(iteration) {
  return vn.nowUnixMs - (envelopes - 1 - iteration) * readings * STEP_MS;
}

/** What became of all envelopes since the virtual node started, from its metrics page. */
function counted() {
  const page = http.get(`${vn.metricsUrl}/metrics`).body;
  return {
    accepted: sumOf(page, "gridpact_ingest_accepted_envelopes_total"),
    rejected: sumOf(page, "gridpact_ingest_rejected_envelopes_total"),
    duplicate: sumOf(page, "gridpact_ingest_duplicate_envelopes_total"),
    readings: sumOf(page, "gridpact_ingest_accepted_readings_total"),
  };
}

/** Over all labels; a counter that counted nothing yet may have no line. */
function sumOf(page, name) {
  const lines = page.match(new RegExp(`^${name}(\\{[^}]*\\})? [0-9.e+]+$`, "gm")) || [];
  return lines.reduce((total, line) => total + Number(line.split(" ").pop()), 0);
}

function wholeNumber(name, byDefault, max) {
  const value = Number(__ENV[name] || byDefault);
  if (!Number.isInteger(value) || value < 0 || value > max) throw new Error(`${name} is a whole number up to ${max}`);
  return value;
}
