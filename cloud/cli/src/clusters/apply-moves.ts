import { CliError } from "../cli-error.ts";
import { OperatorClient } from "../demo/operator-client.ts";
import { existingDataDirectory } from "../process/data-directory.ts";
import { readRunFile } from "../process/run-file.ts";
import { moveLine } from "./run-clusters.ts";

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
  const running = readRunFile(existingDataDirectory(dataDirectory), "aggregator");
  if (running === undefined) throw new CliError("INPUT", `no aggregator runs on ${dataDirectory}`);
  const client = new OperatorClient(running.ports["operator"] ?? 0);
  const { newest } = await client.clusters();
  if (newest === null) throw new CliError("INPUT", "no node has described its prosumers yet");
  if (isAll && newest.moves.length === 0) throw new CliError("INPUT", "the newest plan proposes no move");
  const { inputsHashHex: planHashHex } = newest;
  const approved = await client.approveMoves(isAll ? { planHashHex } : { planHashHex, moveIds });
  write(json ? `${JSON.stringify(approved)}\n` : `${approved.map(moveLine).join("\n")}\n`);
}
