/** `npm run test:settlement-faults`: see `--help`. */
import { writeFileSync } from "node:fs";
import { readOptions } from "@gridpact/host";
import { runFaults } from "./run-faults.ts";

const { faults, seed, json } = readOptions({
  command: "npm run test:settlement-faults --",
  about:
    "Breaks worker, machine, ledger, network and contracts at their calls, before and after each is carried out, and " +
    "prints what the accounts say afterwards. Exits with 1 when anybody was paid twice or not at all.",
  options: {
    faults: { kind: "count", byDefault: 500, says: "to inject" },
    seed: { kind: "text", byDefault: "1", says: "draws them" },
    json: { kind: "text", says: "file for the result, by part" },
  },
});
const { byPart, ...result } = await runFaults(faults, {
  seed,
  onRound: (done) => {
    if (done % 50 === 0) process.stderr.write(`${done} faults\n`);
  },
});
process.stdout.write(`${JSON.stringify(result)}\n`);
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ ...result, byPart }, null, 2)}\n`);
process.exitCode = result.paidTwice + result.unpaid === 0 && result.sumDifferenceMicro === 0 ? 0 : 1;
