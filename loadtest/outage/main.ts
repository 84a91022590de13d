/** `npm run test:outage`: a virtual node whose InfluxDB is away, slow, busy or breaks writes half way; see `--help`. */
import { readOptions } from "@gridpact/host";
import { Influxd } from "../bench/peers/influxd.ts";
import { environment } from "../src/config.ts";
import { finishRun, inOwnDirectory } from "../src/finished-run.ts";
import { STORE_FAULTS } from "./faulty-store.ts";
import { outageBars } from "./outage-bars.ts";
import { runOutage } from "./run-outage.ts";

async function main(): Promise<void> {
  const {
    minutes,
    rate,
    influxd: named,
    json,
    ...load
  } = readOptions({
    command: "npm run test:outage --",
    about:
      "Starts one virtual node with an InfluxDB behind a proxy, and lets devices send at a steady rate while the " +
      "proxy breaks every write. After each fault the store may catch up while devices go on. Exits with 1 when a " +
      "reading is lost or doubled, when acknowledgements get slower than a fifth, when memory grows, or when the " +
      "store catches up less than five times as fast as readings come in.",
    options: {
      faults: { kind: "choices", among: STORE_FAULTS, says: "tried in turn" },
      minutes: { kind: "amount", byDefault: 1, says: "of each fault, and of the calm before it" },
      devices: { kind: "count", byDefault: 50, says: "at the virtual node" },
      rate: { kind: "amount", byDefault: 500, says: "envelopes a second of all devices together" },
      readings: { kind: "count", byDefault: 10, says: "in an envelope" },
      influxd: { kind: "text", says: "program (INFLUXD, or on PATH)" },
      json: { kind: "text", says: "file for the report" },
    },
  });
  const options = { ...load, envelopesPerSecond: rate, seconds: minutes * 60 };
  const program = named ?? environment()["INFLUXD"] ?? "influxd";
  const report = await inOwnDirectory("outage", async (around) => {
    const influxd = await Influxd.start(program, around.directory);
    return runOutage(options, influxd, around).finally(() => influxd.close());
  });
  const bars = outageBars(report);
  finishRun({ ...report, bars }, { json, isKept: bars.every(({ isKept }) => isKept) });
}

await main();
