import { benchLearning } from "./learning-bench.ts";

/** `node edge/bench/learning.bench.ts`: what learning costs a device, over a year. */
const DAYS = 365;

const { user, system } = process.cpuUsage();
const result = await benchLearning(DAYS, {
  cpuUs() {
    const now = process.cpuUsage({ user, system });
    return now.user + now.system;
  },
  heapBytes: () => process.memoryUsage().heapUsed,
});
const text = JSON.stringify(
  { ...result, deliverableWhTotal: String(result.deliverableWhTotal), rssBytes: process.memoryUsage().rss },
  undefined,
  2,
);
process.stdout.write(`${text}\n`);
