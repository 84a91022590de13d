import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { FabricError } from "./fabric-error.ts";

/** The programs of Fabric that a network on this machine is made of. */
export const FABRIC_PROGRAMS = ["peer", "orderer", "configtxgen", "osnadmin"] as const;

/** One of `FABRIC_PROGRAMS`. */
export type FabricProgram = (typeof FABRIC_PROGRAMS)[number];

/** Path of each program. */
export type FabricBinaries = Readonly<Record<FabricProgram, string>>;

/** Where to look: a directory that was named, or else every directory of the search path. */
export type BinarySources = { directory: string | undefined; searchPath: string };

/** Fabric before 3.1.5 carries a SmartBFT that can leave an orderer behind for ever. */
export const FABRIC_VERSION_MIN = "3.1.5";

/**
 * Paths of all programs.
 * @throws FabricError FABRIC_BINARY_MISSING, naming every one that is missing
 */
export function findBinaries({ directory, searchPath }: BinarySources): FabricBinaries {
  const directories = directory === undefined ? searchPath.split(delimiter).filter((it) => it !== "") : [directory];
  const found = FABRIC_PROGRAMS.map((program) => [program, findIn(directories, program)] as const);
  const missing = found.filter(([, path]) => path === undefined).map(([program]) => program);
  if (missing.length > 0) {
    const where = directory ?? "PATH";
    throw new FabricError(
      "FABRIC_BINARY_MISSING",
      `${missing.join(", ")} not found in ${where}: set FABRIC_BIN to a directory with the programs of Hyperledger ` +
        `Fabric ${FABRIC_VERSION_MIN} or later (its release archives have them in bin/)`,
    );
  }
  return Object.fromEntries(found) as FabricBinaries;
}

/**
 * Runs a program to its end and gives what it wrote.
 * @throws FabricError FABRIC_COMMAND_FAILED with the last lines that it wrote
 */
export async function runProgram(
  path: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ stdout: string; stderr: string }> {
  try {
    return await promisify(execFile)(path, args, {
      env: { PATH: "/usr/bin:/bin", ...environment },
      timeout: COMMAND_MS_MAX,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
  } catch (cause) {
    const { stderr = "", stdout = "" } = cause as { stderr?: string; stdout?: string };
    const said = `${stdout}\n${stderr}`.trim().split("\n").slice(-LINES_SHOWN).join("\n");
    throw new FabricError("FABRIC_COMMAND_FAILED", `${path} ${args.slice(0, 3).join(" ")}: ${said}`, cause);
  }
}

/** The longest command waits for a block and for the events of all peers. */
const COMMAND_MS_MAX = 120_000;

/** What a query of a channel says is some KiB. */
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Enough for the reason; before it stands the program's help. */
const LINES_SHOWN = 4;

function findIn(directories: readonly string[], program: string): string | undefined {
  return directories.map((directory) => join(directory, program)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not for us: either way this is not the program that is looked for.
    return false;
  }
}
