// What every scenario shares: the profile of the virtual node, devices, metrics, and the account at the end. A scenario
// ends by asking the virtual node, and InfluxDB where it is told of one, whether they have all that was acknowledged:
//
//   sent = acknowledged = stored + rejected
//
// Nothing else may send to the virtual node meanwhile: its counters do not tell devices apart.
import { check, fail, sleep } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";
import { claimDevice, openDevice, totals } from "k6/x/gridpact";

/** k6 opens files relative to the script; `npm run loadtest` passes absolute paths. */
export const vn = JSON.parse(open(__ENV.VN || "../../.gridpact/loadtest.json"));

/** Time of readings goes from a day ago on, so that none lies ahead of the virtual node's clock in any run. */
const START_UNIX_MS = vn.nowUnixMs - 24 * 3_600_000;

/** At ten readings a second a device can send for a day in one second's steps of a tenth. */
const STEP_MS = 100;

export const POWER_W = 500;

/** The store is behind the acknowledgements; how far it may be when the account is made. */
const STORE_SECONDS_MAX = 120;

export const pubackMs = new Trend("gridpact_puback_ms", true);
const envelopesSent = new Counter("gridpact_envelopes_sent");
const envelopesAccepted = new Counter("gridpact_envelopes_accepted");
const envelopesRejected = new Counter("gridpact_envelopes_rejected");
const readingsSent = new Counter("gridpact_readings_sent");
const readingsStored = new Counter("gridpact_readings_stored");

/** Of every scenario, beside its own. */
export const thresholds = {
  checks: ["rate==1"],
  // Nothing is counted as sent that a device could not even try: an exception in a device is a failure of the run.
  gridpact_envelopes_sent: ["count>0"],
};

export const summaryTrendStats = ["avg", "med", "p(95)", "p(99)", "max"];

/** A setting of the command line: -e NAME=value. */
export function wholeNumber(name, byDefault, max) {
  const value = Number(__ENV[name] || byDefault);
  if (!Number.isInteger(value) || value < 0 || value > max) throw new Error(`${name} is a whole number up to ${max}`);
  return value;
}

/** As k6 writes times: 30s, 10m. */
export function duration(byDefault) {
  const value = __ENV.DURATION || byDefault;
  if (!/^\d+[smh]$/.test(value)) throw new Error("DURATION is a number with s, m or h");
  return value;
}

export const devices = wholeNumber("DEVICES", Math.min(20, vn.devices.length), vn.devices.length);

/** To be called by `setup`; what it returns is for `reconcile`. */
export function begin() {
  const ready = http.get(`${vn.metricsUrl}/ready`);
  if (ready.status !== 200) fail(`the virtual node is not ready: ${ready.status} ${ready.body || ready.error}`);
  return counted();
}

let device;

/** The device of this virtual user, enrolled at its first call. */
export function ownDevice() {
  if (device === undefined) {
    const mine = vn.devices[claimDevice()];
    try {
      const at = { enrolUrl: vn.enrolUrl, mqttHost: vn.mqttHost, caFile: vn.caFile };
      device = openDevice({ ...mine, ...at, startUnixMs: START_UNIX_MS, stepMs: STEP_MS });
    } catch (error) {
      // Without its devices a run means nothing.
      exec.test.abort(String(error));
    }
  }
  return device;
}

/** Publishes one envelope and waits for its acknowledgement. */
export function publish(readings) {
  pubackMs.add(ownDevice().publish(readings, POWER_W));
  envelopesSent.add(1);
  readingsSent.add(readings);
}

/** Publishes many envelopes at once, and waits for all acknowledgements. */
export function publishBurst(envelopes, readings) {
  for (const ms of ownDevice().publishBurst(envelopes, readings, POWER_W)) pubackMs.add(ms);
  envelopesSent.add(envelopes);
  readingsSent.add(envelopes * readings);
}

/** Publishes one envelope whose signature is wrong; it is acknowledged as a rejection. */
export function publishForged() {
  pubackMs.add(ownDevice().publishForged());
  envelopesSent.add(1);
}

/** To be called by `teardown`: the account of the whole run. */
export function reconcile(before) {
  const after = whenStored();
  const sent = totals();
  const grown = (name) => after[name] - before[name];
  envelopesAccepted.add(grown("accepted"));
  envelopesRejected.add(grown("rejected"));
  readingsStored.add(grown("storedReadings"));
  const inInflux = readingsInInflux();
  const isReconciled = check(null, {
    "sent = acknowledged": () => sent.sent === sent.acked,
    "acknowledged = accepted + rejected": () => sent.acked === grown("accepted") + grown("rejected"),
    "rejected = forged": () => grown("rejected") === sent.forged,
    "every reading of a good envelope is accepted": () => grown("readings") === sent.goodReadings,
    "every accepted reading is stored": () => vn.hasNoStore || grown("storedReadings") >= sent.goodReadings,
    "nothing came twice": () => grown("duplicate") === 0,
    "InfluxDB has each reading once": () => inInflux === undefined || inInflux === sent.goodReadings,
  });
  if (!isReconciled) fail(JSON.stringify({ before, after, sent, inInflux }));
}

/** Counts of the moment when the store has all that the log has. */
function whenStored() {
  for (let waited = 0; ; waited++) {
    const now = counted();
    if (now.storeLag === 0 || waited === STORE_SECONDS_MAX) return now;
    sleep(1);
  }
}

/** What became of all envelopes since the virtual node started, from its metrics page. */
export function counted() {
  const page = http.get(`${vn.metricsUrl}/metrics`).body;
  return {
    accepted: sumOf(page, "gridpact_ingest_accepted_envelopes_total"),
    rejected: sumOf(page, "gridpact_ingest_rejected_envelopes_total"),
    duplicate: sumOf(page, "gridpact_ingest_duplicate_envelopes_total"),
    readings: sumOf(page, "gridpact_ingest_accepted_readings_total"),
    storeLag: sumOf(page, "gridpact_store_lag_records"),
    storedReadings: sumOf(page, "gridpact_store_written_readings_total"),
    quarantined: sumOf(page, "gridpact_enrolment_quarantined_devices"),
    residentBytes: sumOf(page, "gridpact_node_resident_bytes"),
  };
}

/** Over all labels; a counter that counted nothing yet may have no line. */
function sumOf(page, name) {
  const lines = page.match(new RegExp(`^${name}(\\{[^}]*\\})? [0-9.e+]+$`, "gm")) || [];
  return lines.reduce((total, line) => total + Number(line.split(" ").pop()), 0);
}

/**
 * Readings of this run's devices by a query: -e INFLUX_URL=... -e INFLUX_TOKEN=... and, if they are not the usual ones,
 * INFLUX_ORG and INFLUX_BUCKET. Undefined when there is no INFLUX_URL.
 */
function readingsInInflux() {
  if (!__ENV.INFLUX_URL) return undefined;
  const ids = vn.devices.map(({ deviceId }) => JSON.stringify(deviceId)).join(", ");
  const flux = `from(bucket: "${__ENV.INFLUX_BUCKET || "gridpact"}") |> range(start: 0)
    |> filter(fn: (r) => r._measurement == "reading" and r._field == "power_w")
    |> filter(fn: (r) => contains(value: r.device, set: [${ids}]))
    |> count() |> group() |> sum()`;
  const headers = { authorization: `Token ${__ENV.INFLUX_TOKEN}`, "content-type": "application/vnd.flux" };
  const url = `${__ENV.INFLUX_URL}/api/v2/query?org=${__ENV.INFLUX_ORG || "gridpact"}`;
  const answer = http.post(url, flux, { headers });
  if (answer.status !== 200) fail(`InfluxDB refused the query: ${answer.status} ${answer.body || answer.error}`);
  const [header, first = ""] = answer.body.split(/\r?\n/);
  return Number(first.split(",")[header.split(",").indexOf("_value")] || 0);
}
