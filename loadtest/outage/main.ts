/** `npm run test:outage`: a virtual node whose InfluxDB is away, slow, busy or breaks writes half way; see `--help`. */
import { parseArgs } from "node:util";
import { Influxd } from "../bench/peers/influxd.ts";
import { environment } from "../src/config.ts";
import { finishRun, inOwnDirectory, showUsage } from "../src/finished-run.ts";
import { STORE_FAULTS, type StoreFault } from "./faulty-store.ts";
import { outageBars } from "./outage-bars.ts";
import { type OutageOptions, runOutage } from "./run-outage.ts";

const USAGE = `usage: npm run test:outage -- [options]

Starts one virtual node with an InfluxDB behind a proxy, and lets devices send at a steady rate while the proxy breaks
every write: ${STORE_FAULTS.join(", ")}. After each fault the store may catch up while devices go on. Exits
with 1 when a reading is lost or doubled, when acknowledgements get slower than a fifth, when memory grows, or when the
store catches up less than five times as fast as readings come in.

  --faults LIST   (${STORE_FAULTS.join(",")})
  --minutes N     of each fault, and of the calm before it (1)
  --devices N     (50)
  --rate N        envelopes a second of all devices together (500)
  --readings N    in an envelope (10)
  --influxd PATH  program (INFLUXD, or on PATH)
  --json FILE     writes the report as JSON
  --help          this text
`;

const text = { type: "string" } as const;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      faults: { ...text, default: STORE_FAULTS.join(",") },
      minutes: { ...text, default: "1" },
      devices: { ...text, default: "50" },
      rate: { ...text, default: "500" },
      readings: { ...text, default: "10" },
      influxd: text,
      json: text,
      help: { type: "boolean", default: false },
    },
  });
  const options = optionsOf(values);
  if (values.help || options === undefined) {
    showUsage(USAGE, values.help);
    return;
  }
  const program = values.influxd ?? environment()["INFLUXD"] ?? "influxd";
  const report = await inOwnDirectory("outage", async (around) => {
    const influxd = await Influxd.start(program, around.directory);
    return runOutage(options, influxd, around).finally(() => influxd.close());
  });
  const bars = outageBars(report);
  finishRun({ ...report, bars }, { json: values.json, isKept: bars.every(({ isKept }) => isKept) });
}

/** Undefined when an option makes no sense. */
function optionsOf(values: Record<"faults" | "minutes" | "devices" | "rate" | "readings", string>) {
  const faults = values.faults.split(",") as StoreFault[];
  const options: OutageOptions = {
    faults,
    devices: Number(values.devices),
    readings: Number(values.readings),
    envelopesPerSecond: Number(values.rate),
    seconds: Number(values.minutes) * 60,
  };
  const { devices, readings, envelopesPerSecond, seconds } = options;
  const areNumbers = [devices, readings, envelopesPerSecond, seconds].every((number) => number > 0);
  return areNumbers && faults.every((fault) => STORE_FAULTS.includes(fault)) ? options : undefined;
}

await main();
