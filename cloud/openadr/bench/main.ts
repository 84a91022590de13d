import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runBench } from "./openadr-bench.ts";

/**
 * `node cloud/openadr/bench/main.ts [--json OUT]`: the large sizes, unless others are named; numbers of subscribers are
 * separated by commas, and none is an empty text.
 */
const { values } = parseArgs({
  options: {
    json: { type: "string" },
    polls: { type: "string", default: "2000" },
    events: { type: "string", default: "4000" },
    subscribers: { type: "string", default: "1000,10000" },
    entitled: { type: "string", default: "1000" },
  },
});
const listOf = (text: string) => (text === "" ? [] : text.split(",").map(Number));
const result = await runBench({
  polls: Number(values.polls),
  events: Number(values.events),
  subscribers: listOf(values.subscribers),
  entitled: listOf(values.entitled),
});
const text = `${JSON.stringify(result, null, 2)}\n`;
process.stdout.write(text);
if (values.json !== undefined) writeFileSync(values.json, text);
