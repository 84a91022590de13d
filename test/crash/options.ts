import { parseArgs } from "node:util";
import type { CrashOptions } from "./run-crashes.ts";
import type { SyncHonesty } from "./volatile-disk.ts";

export const USAGE = `usage: npm run test:crash -- [options]

Kills a loaded virtual node with SIGKILL again and again, at points drawn from a seed, and then looks in its log for
every envelope that it had acknowledged. Exits with 1 when one is lost or was stored twice.

  --kills N            how often to kill (50)
  --devices N          honest devices that send, beside one forger (8)
  --seed TEXT          draws keys, readings and kill points (random, printed)
  --engine KIND        native or twin (native where it was built)
  --power-cut          what was not synced dies with the process (twin only): a kill is then like a power cut
  --plant FAULT        ack-before-sync: with --power-cut, a host that acknowledges before the sync; must be caught
  --json FILE          writes the result as JSON
  --help               this text
`;

export type CommandLine = { options: CrashOptions; jsonPath: string | undefined } | "help";

/** The command line cannot be used; the message says why. */
export class UsageError extends Error {
  readonly code = "USAGE";

  constructor(reason: string) {
    super(reason);
    this.name = "UsageError";
  }
}

const KILLS_DEFAULT = "50";
const KILLS_MAX = 10_000;

/** Enough to fill group commits; a load generator for two cores is not the virtual node's equal anyway. */
const DEVICES_DEFAULT = "8";
const DEVICES_MAX = 256;

/** @throws UsageError */
export function parseCommandLine(args: readonly string[], randomSeed: string): CommandLine {
  const values = parse(args);
  if (values.help) return "help";
  const engine = oneOf("--engine", values.engine, ["native", "twin"]);
  const plant = oneOf("--plant", values.plant, ["ack-before-sync"]);
  const volatileLog: SyncHonesty | undefined = plant ?? (values["power-cut"] ? "honest" : undefined);
  if (volatileLog !== undefined && engine === "native") {
    throw new UsageError("--power-cut and --plant need a disk of their own, which only the twin can be given");
  }
  const options = {
    kills: wholeNumber("--kills", values.kills, KILLS_MAX),
    devices: wholeNumber("--devices", values.devices, DEVICES_MAX),
    seed: values.seed ?? randomSeed,
    ...(engine && { engine }),
    ...(volatileLog && { volatileLog }),
  };
  return { options, jsonPath: values.json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        kills: { type: "string", default: KILLS_DEFAULT },
        devices: { type: "string", default: DEVICES_DEFAULT },
        seed: { type: "string" },
        engine: { type: "string" },
        "power-cut": { type: "boolean", default: false },
        plant: { type: "string" },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function oneOf<T extends string>(name: string, text: string | undefined, allowed: readonly T[]): T | undefined {
  const value = allowed.find((each) => each === text);
  if (text !== undefined && value === undefined) throw new UsageError(`${name} is none of ${allowed.join(", ")}`);
  return value;
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > max) throw new UsageError(`${name} is not a whole number from 1 to ${max}`);
  return value;
}
