/** `npm run test:fleet`: many devices on one virtual node; see `--help`. */
import { readOptions } from "@gridpact/host";
import { finishRun, inOwnDirectory } from "../src/finished-run.ts";
import { fleetBars } from "./fleet-bars.ts";
import { runFleet } from "./run-fleet.ts";

async function main(): Promise<void> {
  const { devices, rate, churn, minutes, engine, json } = readOptions({
    command: "npm run test:fleet --",
    about:
      "Connects many devices to one virtual node over mutual TLS, lets them send while some lose their connection, " +
      "then cuts all connections at once, and in the end looks for every acknowledged envelope in the log. Exits " +
      "with 1 when one is lost or stored twice, or when latency, memory or the time of the storm is beyond its " +
      "bar.",
    options: {
      devices: { kind: "count", byDefault: 10_000, says: "at one virtual node" },
      rate: { kind: "amount", byDefault: 10_000, says: "envelopes a second of all devices together" },
      churn: { kind: "count", byDefault: 50, from: 0, says: "connections cut a second" },
      minutes: { kind: "amount", byDefault: 10, says: "of sending" },
      engine: { kind: "choice", among: ["native", "twin"], says: "by default native where it was built" },
      json: { kind: "text", says: "file for the report" },
    },
  });
  const surroundings = { perSecond: rate, churnPerSecond: churn, seconds: minutes * 60 };
  const options = { devices, ...surroundings, ...(engine && { engine }) };
  const result = await inOwnDirectory("fleet", (around) => runFleet(options, around));
  const bars = fleetBars(result);
  finishRun({ ...result, bars }, { json, isKept: bars.every(({ isKept }) => isKept) });
}

await main();
