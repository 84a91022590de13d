import { writeFileSync } from "node:fs";
import { wallClock } from "@gridpact/host";
import { brokenEquations } from "../story/summary.ts";
import { playClusterWeeks } from "./cluster-weeks.ts";
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
  for (const balance of summary.balance) write(`${JSON.stringify(balance)}\n`);
  write(`${JSON.stringify(summary.event)}\n${JSON.stringify(summary.money)}\n`);
  const faults = brokenEquations(summary);
  for (const fault of faults) write(`seed ${seed}: NOT IN ORDER: ${fault}\n`);
  write(`seed ${seed}: ledger head ${summary.ledger.headHash}, ${seconds} s\n`);
  return faults.length === 0 ? 0 : 1;
}

/** Plays weeks of events with moves between nodes and without, and says what the moves were worth. */
export function runClusterWeeks(
  { seed, weeks, jsonPath }: { seed: string; weeks: number; jsonPath?: string },
  write: (text: string) => void,
): void {
  const played = playClusterWeeks({ seed, weeks });
  if (jsonPath !== undefined) writeFileSync(jsonPath, `${JSON.stringify(played, null, 2)}\n`);
  const { prosumers, nodes, events, moves, returns, unmovedErrorPerMille, movedErrorPerMille } = played;
  write(`seed ${seed}: ${prosumers} prosumers in ${nodes} nodes, ${events} events judged\n`);
  write(`${moves} moves, ${returns} of them back\n`);
  write(`delivered against promised, without moves: ${unmovedErrorPerMille / 10} % off\n`);
  write(`delivered against promised, with moves:    ${movedErrorPerMille / 10} % off\n`);
}
