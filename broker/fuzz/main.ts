import { readOptions } from "@gridpact/host";
import { fuzzMqtt } from "./fuzz-mqtt.ts";

/** Beyond it memory is not flat: what a garbage collector leaves lying about is less. */
const GROWN_MEGABYTES_MAX = 64;

const PROGRESS_INPUTS = 100_000;

const { n, seed } = readOptions({
  command: "npm run fuzz:mqtt --",
  about:
    "Sends mutated MQTT to the sessions of a virtual node. Prints the counts; exits with 1 when one hangs or memory " +
    `grows by more than ${GROWN_MEGABYTES_MAX} MB.`,
  options: {
    n: { kind: "count", byDefault: 100_000, says: "inputs" },
    seed: { kind: "text", byDefault: "1", says: "draws them" },
  },
});
let told = 0;
const result = await fuzzMqtt({
  count: n,
  seed,
  onProgress: (done) => {
    if (done < told + PROGRESS_INPUTS) return;
    told = done;
    process.stderr.write(`${done} inputs\n`);
  },
});
process.stdout.write(`${JSON.stringify({ seed, ...result })}\n`);
process.exitCode = result.hangs === 0 && result.grownMegabytes <= GROWN_MEGABYTES_MAX ? 0 : 1;
