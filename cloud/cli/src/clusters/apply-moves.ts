import { CliError } from "../cli-error.ts";
import { moveLine } from "./run-clusters.ts";
import { operatorOf } from "./running-operator.ts";

export type ApplyMovesOptions = {
  dataDirectory: string;
  /** The approved moves as one line of JSON instead of text for people. */
  json: boolean;
  moveIds: readonly string[];
  /** All moves of the newest plan. */
  isAll: boolean;
};

/**
 * The command `gridpact clusters apply`: approves moves at the aggregator that runs on the data directory, by the hash
 * of the plan that proposes them, so that nobody approves what was not shown.
 * @throws CliError when nothing or too much is named, no aggregator runs, or it refuses
 */
export async function runApplyMoves(options: ApplyMovesOptions, write: (text: string) => void): Promise<void> {
  const { dataDirectory, json, moveIds, isAll } = options;
  if (isAll === moveIds.length > 0) throw new CliError("INPUT", "name the moves to approve, or say --all");
  const client = operatorOf(dataDirectory);
  const { newest } = await client.clusters();
  if (newest === null) throw new CliError("INPUT", "no node has described its prosumers yet");
  if (isAll && newest.moves.length === 0) throw new CliError("INPUT", "the newest plan proposes no move");
  const { inputsHashHex: planHashHex } = newest;
  const approved = await client.approveMoves(isAll ? { planHashHex } : { planHashHex, moveIds });
  write(json ? `${JSON.stringify(approved)}\n` : `${approved.map(moveLine).join("\n")}\n`);
}
