/** `npm run test:fleet`: many devices on one virtual node; see `--help`. */
import { parseArgs } from "node:util";
import { finishRun, inOwnDirectory, showUsage } from "../src/finished-run.ts";
import { fleetBars } from "./fleet-bars.ts";
import { runFleet } from "./run-fleet.ts";

const USAGE = `usage: npm run test:fleet -- [options]

Connects many devices to one virtual node over mutual TLS, lets them send while some lose their connection, then cuts
all connections at once, and in the end looks for every acknowledged envelope in the log. Exits with 1 when one is lost
or stored twice, or when latency, memory or the time of the storm is beyond its bar.

  --devices N    (10000)
  --rate N       envelopes a second of all devices together (10000)
  --churn N      connections cut a second (50)
  --minutes N    (10)
  --engine KIND  native or twin (native where it was built)
  --json FILE    writes the result as JSON
  --help         this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      devices: { type: "string", default: "10000" },
      rate: { type: "string", default: "10000" },
      churn: { type: "string", default: "50" },
      minutes: { type: "string", default: "10" },
      engine: { type: "string" },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const [devices, perSecond, churnPerSecond, minutes] = [values.devices, values.rate, values.churn, values.minutes].map(
    Number,
  ) as [number, number, number, number];
  const areNumbers = devices >= 1 && perSecond > 0 && churnPerSecond >= 0 && minutes > 0;
  const engine = (["native", "twin"] as const).find((kind) => kind === values.engine);
  if (values.help || !areNumbers || (values.engine !== undefined && engine === undefined)) {
    showUsage(USAGE, values.help);
    return;
  }
  const options = { devices, perSecond, churnPerSecond, seconds: minutes * 60, ...(engine && { engine }) };
  const result = await inOwnDirectory("fleet", (around) => runFleet(options, around));
  const bars = fleetBars(result);
  finishRun({ ...result, bars }, { json: values.json, isKept: bars.every(({ isKept }) => isKept) });
}

await main();
