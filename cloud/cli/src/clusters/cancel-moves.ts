import type { MoveView } from "@gridpact/aggregator";
import { moveLine } from "./run-clusters.ts";
import { operatorOf } from "./running-operator.ts";

export type CancelMovesOptions = {
  dataDirectory: string;
  /** The moves as one line of JSON instead of text for people. */
  json: boolean;
  moveIds: readonly string[];
};

/**
 * The command `gridpact clusters cancel`: cancels approved moves at the aggregator that runs on the data directory, one
 * after the other. A move that is "being cancelled" waits for its node's word that the device was not asked.
 * @throws CliError when no aggregator runs, or at the first move that is unknown or too far on; those before it are
 *   cancelled, and printed
 */
export async function runCancelMoves(options: CancelMovesOptions, write: (text: string) => void): Promise<void> {
  const { dataDirectory, json, moveIds } = options;
  const client = operatorOf(dataDirectory);
  const cancelled: MoveView[] = [];
  try {
    for (const moveId of moveIds) cancelled.push(await client.cancelMove(moveId));
  } finally {
    if (json) write(`${JSON.stringify(cancelled)}\n`);
    else if (cancelled.length > 0) write(`${cancelled.map(moveLine).join("\n")}\n`);
  }
}
