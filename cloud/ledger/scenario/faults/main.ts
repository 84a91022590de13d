/** `npm run test:settlement-faults -- --faults N [--seed S] [--json FILE]`: prints what the accounts say after them. */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runFaults } from "./run-faults.ts";

const { values } = parseArgs({
  options: {
    faults: { type: "string", default: "500" },
    seed: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
const { byPart, ...result } = await runFaults(Number(values.faults), {
  seed: values.seed,
  onRound: (done) => {
    if (done % 50 === 0) process.stderr.write(`${done} faults\n`);
  },
});
process.stdout.write(`${JSON.stringify(result)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ ...result, byPart }, null, 2)}\n`);
process.exitCode = result.paidTwice + result.unpaid === 0 && result.sumDifferenceMicro === 0 ? 0 : 1;
