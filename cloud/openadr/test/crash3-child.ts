import { hashClientSecret, runVtn3 } from "../src/index.ts";

/** A 3.1 VTN in a process of its own, to be killed. Says its URL once it listens. Usage: DATA_FOLDER. */
const fail = (error: unknown) => {
  throw error;
};
const running = await runVtn3(
  {
    port: 0,
    clients: [{ clientId: "bl", secretSha256: hashClientSecret("1"), role: "bl" }],
    dataFolder: process.argv[2] ?? ":memory:",
    areInternalCallbacksAllowed: true,
  },
  { onFault: fail, onGivenUp: (_to, cause) => fail(cause) },
);
process.stdout.write(`${JSON.stringify({ url: running.url })}\n`);
