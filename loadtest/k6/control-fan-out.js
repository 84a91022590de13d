// A demand-response event steers all devices at once, while they go on sending. Needs a virtual node that the load test
// started itself, as an operator's event needs contracts: `npm run loadtest -w loadtest -- control-fan-out`.
//   -e DEVICES=200 -e FAN_OUTS=5 -e READINGS=1
import { check, sleep } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";
import {
  begin,
  devices,
  ownDevice,
  publish,
  reconcile,
  summaryTrendStats,
  thresholds,
  vn,
  wholeNumber,
} from "./virtual-node.js";

const fanOuts = wholeNumber("FAN_OUTS", 5, 10_000);
const readings = wholeNumber("READINGS", 1, 1_440);

/** Time for all devices to enrol and subscribe before the first fan-out. */
const START_SECONDS = wholeNumber("START_SECONDS", 15, 600);
const PAUSE_SECONDS = 2;
const length = START_SECONDS + (fanOuts + 1) * PAUSE_SECONDS;

if (vn.fanOutUrl === undefined) throw new Error("this virtual node has no fan-out: run the scenario without a profile");

/** From the virtual node's decision to the device. */
const setpointMs = new Trend("gridpact_setpoint_ms", true);
const setpointsReceived = new Counter("gridpact_setpoints_received");

export const options = {
  scenarios: {
    devices: { executor: "constant-vus", exec: "device", vus: devices, duration: `${length}s`, gracefulStop: "30s" },
    operator: {
      executor: "per-vu-iterations",
      exec: "operator",
      vus: 1,
      iterations: fanOuts,
      startTime: `${START_SECONDS}s`,
      maxDuration: "1h",
    },
  },
  summaryTrendStats,
  thresholds: {
    ...thresholds,
    gridpact_setpoint_ms: ["p(99)<1000"],
    gridpact_puback_ms: ["p(99)<500"],
    gridpact_setpoints_received: [`count==${devices * fanOuts}`],
  },
};

export const setup = begin;

let isSubscribed = false;

export function device() {
  const own = ownDevice();
  if (!isSubscribed) own.subscribeSetpoints();
  isSubscribed = true;
  publish(readings);
  take(own);
  sleep(1);
  take(own);
}

/** The event's id ends with the moment at which it was sent. */
function take(own) {
  for (const { eventId, receivedUnixMs } of own.takeSetpoints()) {
    setpointMs.add(receivedUnixMs - Number(eventId.split("/").pop()));
    setpointsReceived.add(1);
  }
}

export function operator() {
  const answer = http.post(vn.fanOutUrl, null, { timeout: "60s" });
  check(answer.json(), { "every device acknowledged the setpoint": ({ acknowledged }) => acknowledged === devices });
  if (exec.vu.iterationInScenario < fanOuts - 1) sleep(PAUSE_SECONDS);
}

export const teardown = reconcile;
