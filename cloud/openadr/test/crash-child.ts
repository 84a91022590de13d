import { hashClientSecret, runVtn, runVtn3 } from "../src/index.ts";

/** A VTN in a process of its own, to be killed. Says its addresses once it listens. Usage: DATA_FOLDER [3.1]. */
const [, , dataFolder = ":memory:", profile] = process.argv;

const fail = (error: unknown) => {
  throw error;
};

if (profile === "3.1") {
  const clients = [{ clientId: "bl", secretSha256: hashClientSecret("1"), role: "bl" }] as const;
  const { url } = await runVtn3(
    { port: 0, clients, dataFolder, areInternalCallbacksAllowed: true },
    { onFault: fail, onGivenUp: (_to, cause) => fail(cause) },
  );
  process.stdout.write(`${JSON.stringify({ url })}\n`);
} else {
  const running = await runVtn({ port: 0, dataFolder }, { onFault: fail });
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
}
