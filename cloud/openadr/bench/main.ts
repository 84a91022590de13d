import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runBench } from "./openadr-bench.ts";

const USAGE = `usage: npm run bench:openadr -- [options]

Asks both VTNs over loopback, with the clients in the same process; LIST has commas, and none is an empty text.

  --polls N            signed 2.0b polls (2000)
  --events N           3.1 events made (4000)
  --subscribers LIST   webhooks that one event is told to (1000,10000)
  --entitled LIST      VENs that see one event by a target of their own (1000)
  --json FILE          writes the report
  --help               this text
`;

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    polls: { type: "string", default: "2000" },
    events: { type: "string", default: "4000" },
    subscribers: { type: "string", default: "1000,10000" },
    entitled: { type: "string", default: "1000" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit();
}
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
