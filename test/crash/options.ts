import { type ProgramProcess, readOptions } from "@gridpact/host";
import type { CrashOptions } from "./run-crashes.ts";
import type { SyncHonesty } from "./volatile-disk.ts";

const EXIT_USAGE = 2;
const KILLS_MAX = 10_000;

/** Eight are enough to fill group commits; a load generator for two cores is not the virtual node's equal anyway. */
const DEVICES_DEFAULT = 8;
const DEVICES_MAX = 256;

/** Options of `npm run test:crash`; ends the process where they cannot be used. The seed given is the default. */
export function readCrashOptions(drawnSeed: string, own: ProgramProcess = process): CrashOptions & { json?: string } {
  const { engine, plant, json, ...values } = readOptions(
    {
      command: "npm run test:crash --",
      about:
        "Kills a loaded virtual node with SIGKILL again and again, at points drawn from a seed, and then looks in " +
        "its log for every envelope that it had acknowledged. Exits with 1 when one is lost or was stored twice.",
      options: {
        kills: { kind: "count", byDefault: 50, upTo: KILLS_MAX, says: "how often to kill" },
        devices: { kind: "count", byDefault: DEVICES_DEFAULT, upTo: DEVICES_MAX, says: "honest, beside one forger" },
        seed: { kind: "text", byDefault: drawnSeed, says: "draws keys, readings and kill points" },
        engine: { kind: "choice", among: ["native", "twin"], says: "by default native where it was built" },
        "power-cut": { kind: "flag", says: "what was not synced dies with the process (twin only)" },
        plant: { kind: "choice", among: ["ack-before-sync"], says: "a fault under power cuts that must be caught" },
        json: { kind: "text", says: "file for the result" },
      },
    },
    own,
  );
  const { "power-cut": isPowerCut, ...load } = values;
  const volatileLog: SyncHonesty | undefined = plant ?? (isPowerCut ? "honest" : undefined);
  if (volatileLog !== undefined && engine === "native") {
    own.stderr.write("--power-cut and --plant need a disk of their own, which only the twin can be given\n");
    own.exit(EXIT_USAGE);
  }
  return { ...load, ...(engine && { engine }), ...(volatileLog && { volatileLog }), ...(json && { json }) };
}
