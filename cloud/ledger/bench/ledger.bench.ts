/** `node cloud/ledger/bench/ledger.bench.ts`: throughput of the embedded ledger; one JSON object a line. */
import { benchLedger, type LedgerBenchOptions } from "./ledger-bench.ts";

const CASES: LedgerBenchOptions[] = [
  { transport: "in-process", transactions: 3_000, concurrency: 1 },
  { transport: "in-process", transactions: 5_000, concurrency: 64 },
  { transport: "grpc", transactions: 2_000, concurrency: 1 },
  { transport: "grpc", transactions: 5_000, concurrency: 64 },
];

for (const options of CASES) process.stdout.write(`${JSON.stringify(await benchLedger(options))}\n`);
