import { parseArgs } from "node:util";
import { fuzzMqtt } from "./fuzz-mqtt.ts";

/** Beyond it memory is not flat: what a garbage collector leaves lying about is less. */
const GROWN_MEGABYTES_MAX = 64;

const PROGRESS_INPUTS = 100_000;

/** `node broker/fuzz/main.ts --n 5000000 --seed x`: prints the counts and fails when there was a fault. */
const { values } = parseArgs({
  options: { n: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
let told = 0;
const result = await fuzzMqtt({
  count: Number(values.n),
  seed: values.seed,
  onProgress: (done) => {
    if (done < told + PROGRESS_INPUTS) return;
    told = done;
    process.stderr.write(`${done} inputs\n`);
  },
});
process.stdout.write(`${JSON.stringify({ seed: values.seed, ...result })}\n`);
process.exitCode = result.hangs === 0 && result.grownMegabytes <= GROWN_MEGABYTES_MAX ? 0 : 1;
