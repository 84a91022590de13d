import { parseArgs } from "node:util";
import { fuzzJson, fuzzXml } from "./fuzz.ts";

/** `node cloud/openadr/fuzz/main.ts --n 1000000 --seed x`: prints the counts and fails when there was a fault. */
const { values } = parseArgs({
  options: { n: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const options = { count: Number(values.n), seed: values.seed };
let faults = 0;
for (const [name, fuzz] of Object.entries({ xml: fuzzXml, json: fuzzJson })) {
  const result = await fuzz(options);
  faults += result.faults;
  process.stdout.write(`${name} ${JSON.stringify(result)}\n`);
}
process.exitCode = faults === 0 ? 0 : 1;
