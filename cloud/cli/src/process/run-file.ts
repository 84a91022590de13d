import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { type Clock, sleep, wallClock } from "@gridpact/host";
import { CliError } from "../cli-error.ts";
import type { DataDirectory } from "./data-directory.ts";
import { replaceFile } from "./replace-file.ts";

/** Where a running part can be reached; written by the part itself once it listens. */
export type RunFile = { pid: number; host: string; ports: Record<string, number> };

const RUN_DIRECTORY = "run";
const LOOK_AGAIN_AFTER_MS = 50;
const WAIT_MS_MAX = 60_000;

/** Before anything is started: addresses of an earlier run may be somebody else's by now. */
export function clearRunFiles(data: DataDirectory): void {
  rmSync(data.at(RUN_DIRECTORY), { recursive: true, force: true });
}

/** A part that was ended is not to be reached any more. */
export function clearRunFile(data: DataDirectory, part: string): void {
  rmSync(data.at(RUN_DIRECTORY, `${part}.json`), { force: true });
}

/** Announces a part; readers never see half a file. */
export function writeRunFile(data: DataDirectory, part: string, ports: Record<string, number>, host: string): void {
  mkdirSync(data.at(RUN_DIRECTORY), { recursive: true });
  const content: RunFile = { pid: process.pid, host, ports };
  replaceFile(data.at(RUN_DIRECTORY, `${part}.json`), JSON.stringify(content));
}

/** Undefined where the part has not announced itself. One that was killed leaves its file, so nobody need be there. */
export function readRunFile(data: DataDirectory, part: string): RunFile | undefined {
  const path = data.at(RUN_DIRECTORY, `${part}.json`);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as RunFile) : undefined;
}

/**
 * Waits until a part has announced itself.
 * @throws CliError when it does not within a minute of real time.
 */
export async function awaitRunFile(data: DataDirectory, part: string, clock: Clock = wallClock()): Promise<RunFile> {
  const lastUnixMs = clock.nowUnixMs() + WAIT_MS_MAX;
  for (;;) {
    const found = readRunFile(data, part);
    if (found !== undefined) return found;
    if (clock.nowUnixMs() > lastUnixMs) {
      throw new CliError("PROCESS_ENDED", `${part} did not start; its log is ${data.at("logs", `${part}.log`)}`);
    }
    await sleep(clock, LOOK_AGAIN_AFTER_MS);
  }
}
