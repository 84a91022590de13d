import { runVtn } from "../src/run/index.ts";

/** A VTN in a process of its own, to be killed. Says its admin URL once it listens. Usage: DATA_FOLDER. */
const running = await runVtn(
  { port: 0, dataFolder: process.argv[2] ?? ":memory:" },
  {
    onFault: (error) => {
      throw error;
    },
  },
);
running.vtn.state.vens.put({
  venId: "VEN-1",
  registrationId: "REG-1",
  venName: "VEN-1",
  fingerprint: undefined,
  isPull: true,
  transportAddress: undefined,
  registeredAtUnixMs: 0,
});
process.stdout.write(`${JSON.stringify({ adminUrl: running.adminUrl, url: running.url })}\n`);
