import { parseArgs } from "node:util";
import { fuzzJson, fuzzXml } from "./fuzz.ts";

const FUZZES = { xml: fuzzXml, json: fuzzJson };

/**
 * `node cloud/openadr/fuzz/main.ts --n 1000000 --seed x [--only xml|json]`: prints the counts, and fails when there was
 * a fault.
 */
const { values } = parseArgs({
  options: {
    n: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
  },
});
if (values.only !== undefined && !(values.only in FUZZES)) throw new TypeError("--only is xml or json");
const options = { count: Number(values.n), seed: values.seed };
let faults = 0;
for (const [name, fuzz] of Object.entries(FUZZES)) {
  if (values.only !== undefined && values.only !== name) continue;
  const result = await fuzz(options);
  faults += result.faults;
  process.stdout.write(`${name} ${JSON.stringify(result)}\n`);
}
process.exitCode = faults === 0 ? 0 : 1;
