import { writeFileSync } from "node:fs";
import { wallClock } from "@gridpact/host";
import { brokenEquations } from "../story/summary.ts";
import { playDay } from "./play-day.ts";

export type SimulateOptions = { seed: string; hasFaults: boolean; jsonPath?: string };

/** Plays one simulated day and says what came of it. Resolves to the exit code. */
export async function runSimulate(options: SimulateOptions, write: (text: string) => void): Promise<number> {
  const { seed, hasFaults, jsonPath } = options;
  const startedUnixMs = wallClock().nowUnixMs();
  const { summary } = await playDay({ seed, hasFaults, onProgress: (line) => write(`  ${line}\n`) });
  // The figure is for people; it is left out of the comparison of two runs, as it depends on the machine.
  const seconds = (wallClock().nowUnixMs() - startedUnixMs) / 1_000;
  if (jsonPath !== undefined) writeFileSync(jsonPath, `${JSON.stringify(summary, null, 2)}\n`);
  write(`${JSON.stringify(summary.event)}\n${JSON.stringify(summary.money)}\n`);
  const faults = brokenEquations(summary);
  for (const fault of faults) write(`seed ${seed}: NOT IN ORDER: ${fault}\n`);
  write(`seed ${seed}: ledger head ${summary.ledger.headHash}, ${seconds} s\n`);
  return faults.length === 0 ? 0 : 1;
}
