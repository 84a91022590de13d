// One device in ten is hostile: it forges at ten times the rate of the honest ones until and after it is quarantined,
// and does what devices may not. The honest ones must hardly notice.
//   -e DEVICES=20 -e RATE=100 -e DURATION=30s
import { check, sleep } from "k6";
import { Trend } from "k6/metrics";
import {
  begin,
  counted,
  devices,
  duration,
  ownDevice,
  publish,
  publishForged,
  reconcile,
  summaryTrendStats,
  thresholds,
  wholeNumber,
} from "./virtual-node.js";

/** Envelopes a second of all honest devices together. */
const rate = wholeNumber("RATE", 100, 1_000_000);
const length = duration("30s");

const hostile = Math.max(1, Math.round(devices / 10));
/** One device more knows where the strangers have to knock. */
const honest = devices - hostile - 1;
if (honest < 1) throw new Error("DEVICES is 3 at least: an honest one, a hostile one and one for strangers");

/** Ten times what an honest device sends. */
const FORGED_PER_SECOND = (10 * rate) / honest;

const MISBEHAVIOURS = ["foreign-topic", "wildcard", "retain", "qos-2", "oversize"];
const HALF_OPEN_SOCKETS = 50;
/** The virtual node gives a handshake ten seconds. */
const HALF_OPEN_MS = 20_000;

const quarantineSeconds = new Trend("gridpact_quarantine_seconds");
const honestMs = new Trend("gridpact_honest_puback_ms", true);

export const options = {
  scenarios: {
    honest: {
      executor: "constant-arrival-rate",
      exec: "honestDevice",
      rate,
      duration: length,
      preAllocatedVUs: honest,
      maxVUs: honest,
    },
    forgers: { executor: "constant-vus", exec: "forger", vus: hostile, duration: length },
    observer: { executor: "per-vu-iterations", exec: "observer", vus: 1, iterations: 1 },
    strangers: { executor: "per-vu-iterations", exec: "strangers", vus: 1, iterations: 1 },
  },
  summaryTrendStats,
  thresholds: {
    ...thresholds,
    // Goodput of the honest: nine of ten planned envelopes at least are sent and acknowledged.
    "iterations{scenario:honest}": [`rate>=${0.9 * rate}`],
    gridpact_honest_puback_ms: ["p(99)<500"],
    gridpact_quarantine_seconds: ["max<5"],
  },
};

export const setup = begin;

export function honestDevice() {
  const startedAt = Date.now();
  publish(1);
  honestMs.add(Date.now() - startedAt);
}

/** More than it takes to be quarantined. */
const FORGED_FIRST = 30;

let forged = 0;

export function forger() {
  publishForged();
  forged += 1;
  sleep(1 / FORGED_PER_SECOND);
  if (forged !== FORGED_FIRST) return;
  for (const kind of MISBEHAVIOURS) {
    check(ownDevice().misbehave(kind), { [`${kind} is turned away`]: (isTurnedAway) => isTurnedAway });
  }
}

/** How long it takes until every forger is quarantined, from the first forgery that the virtual node rejected. */
export function observer(before) {
  let firstAt;
  for (;;) {
    const now = counted();
    if (now.rejected > before.rejected) firstAt ??= Date.now();
    if (now.quarantined - before.quarantined >= hostile) break;
    sleep(0.1);
  }
  quarantineSeconds.add((Date.now() - firstAt) / 1_000);
}

/** TCP connections that never say a word are ended, and not held for ever. */
export function strangers() {
  const ended = ownDevice().halfOpen(HALF_OPEN_SOCKETS, HALF_OPEN_MS);
  check(ended, { "half-open connections are ended": (count) => count === HALF_OPEN_SOCKETS });
}

export const teardown = reconcile;
