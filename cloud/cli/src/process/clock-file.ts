import { existsSync, readFileSync } from "node:fs";
import { acceleratedClock, type Clock, wallClock } from "@gridpact/host";
import type { DataDirectory } from "./data-directory.ts";
import { replaceFile } from "./replace-file.ts";

/** Three numbers that all processes of one run read, so that they agree on the time; see acceleratedClock. */
export type ClockSetting = { realStartUnixMs: number; startUnixMs: number; speed: number };

const CLOCK_FILE = "clock.json";

/** The clock of a data directory: accelerated when a demonstration set it, else the machine's own. */
export function clockOf(data: DataDirectory): Clock {
  const setting = readClockSetting(data);
  return setting === undefined ? wallClock() : acceleratedClock(setting);
}

/** Undefined on the machine's own clock. */
export function readClockSetting(data: DataDirectory): ClockSetting | undefined {
  const path = data.at(CLOCK_FILE);
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ClockSetting) : undefined;
}

/** Starts the accelerated clock of a run; `machine` is the clock that the other processes go by, too. */
export function startClock(
  data: DataDirectory,
  options: { startUnixMs: number; speed: number },
  machine: Clock = wallClock(),
): void {
  const setting: ClockSetting = { realStartUnixMs: machine.nowUnixMs(), ...options };
  replaceFile(data.at(CLOCK_FILE), `${JSON.stringify(setting)}\n`);
}

const LAST_SEEN_FILE = "clock-last-seen";

/**
 * Notes the time now and then, so that a restart goes on after it: time never runs backwards for devices and ledger.
 */
export function noteLastSeen(data: DataDirectory, clock: Clock): void {
  replaceFile(data.at(LAST_SEEN_FILE), `${clock.nowUnixMs()}\n`);
}

/** Where an earlier run stood, if there was one. */
export function lastSeenUnixMs(data: DataDirectory): number | undefined {
  const path = data.at(LAST_SEEN_FILE);
  return existsSync(path) ? Number(readFileSync(path, "utf8")) : undefined;
}
