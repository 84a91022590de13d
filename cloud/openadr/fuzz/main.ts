import { parseArgs } from "node:util";
import { fuzzJson, fuzzXml } from "./fuzz.ts";

const FUZZES = { xml: fuzzXml, json: fuzzJson };

const USAGE = `usage: npm run fuzz:openadr -- [options]

Sends mutated requests to the VTNs of 2.0b (xml) and 3 (json), prints what came of them, and exits with 1 when one was
answered by 5xx or threw.

  --n N         requests to each (100000)
  --seed TEXT   draws them (1)
  --only KIND   xml or json
  --help        this text
`;

const { values } = parseArgs({
  options: {
    n: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    only: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit();
}
if (values.only !== undefined && !Object.hasOwn(FUZZES, values.only)) refuse("--only is xml or json");
// Of no requests, or of as many as "many" is, a run would always pass.
if (!/^[1-9]\d{0,9}$/.test(values.n)) refuse("--n is a whole number from 1 on");
const options = { count: Number(values.n), seed: values.seed };
let faults = 0;
for (const [name, fuzz] of Object.entries(FUZZES)) {
  if (values.only !== undefined && values.only !== name) continue;
  const result = await fuzz(options);
  faults += result.faults;
  process.stdout.write(`${name} ${JSON.stringify(result)}\n`);
}
process.exitCode = faults === 0 ? 0 : 1;

function refuse(fault: string): never {
  process.stderr.write(`${fault}\n\n${USAGE}`);
  process.exit(2);
}
