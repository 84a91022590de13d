import { runVerify } from "./run-verify.ts";

process.exit(
  runVerify(
    process.argv.slice(2).filter((a) => a !== "--json"),
    { json: process.argv.includes("--json"), trustPath: "/tmp/trust.json" },
  ),
);
