/** `node cloud/contracts/test/recomputation/main.ts EVENTS SEED`: as many random events as one has time for. */
import { recompute } from "./recompute.ts";

const [events = "100000", seed = "7"] = process.argv.slice(2);
const result = await recompute({ events: Number(events), seed: Number(seed) });
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exitCode = result.differing === 0 ? 0 : 1;
