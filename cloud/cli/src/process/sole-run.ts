import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import type { DataDirectory } from "./data-directory.ts";
import { replaceFile } from "./replace-file.ts";

const PID_FILE = "supervisor.pid";

/**
 * Refuses a data directory on which another run is going on: two would write the same logs, and `--fresh` would pull
 * the files away under the first.
 * @throws CliError DATA_DIRECTORY_BUSY
 */
export function refuseIfRunning(path: string, isAlive: (pid: number) => boolean = isProcessAlive): void {
  const file = join(resolve(path), PID_FILE);
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, "utf8"));
  if (pid === process.pid || !isAlive(pid)) return;
  throw new CliError("DATA_DIRECTORY_BUSY", `process ${pid} runs on ${resolve(path)}; end it or name another --data`);
}

/** Says that this process runs on the data directory, until it ends. */
export function claimRun(data: DataDirectory): void {
  replaceFile(data.at(PID_FILE), `${process.pid}\n`);
}

function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
