import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runBench } from "./openadr-bench.ts";

/** `node cloud/openadr/bench/main.ts [--json OUT]`: the large sizes. */
const { values } = parseArgs({ options: { json: { type: "string" } } });
const result = await runBench({ polls: 2_000, events: 4_000, subscribers: [1_000, 10_000], entitled: [1_000] });
const text = `${JSON.stringify(result, null, 2)}\n`;
process.stdout.write(text);
if (values.json !== undefined) writeFileSync(values.json, text);
