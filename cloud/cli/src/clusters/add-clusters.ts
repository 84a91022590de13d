import type { Command } from "commander";
import { runApplyMoves } from "./apply-moves.ts";
import { runCancelMoves } from "./cancel-moves.ts";
import { runClusters } from "./run-clusters.ts";

type Write = (text: string) => void;

type Flags = { data: string; json: boolean };

/** Adds `gridpact clusters`, which shows; its `apply` approves moves, and its `cancel` takes that back. */
export function addClusters(program: Command, write: Write, dataDefault: string): void {
  const clusters = program
    .command("clusters")
    .description("which prosumers the aggregator would put into one node, and the moves between nodes");
  const option = (command: Command) =>
    command.option("--data <directory>", "data directory of a run", dataDefault).option("--json", "print JSON", false);
  option(clusters.command("show", { isDefault: true }))
    .description("the newest plan, and how far each move has come")
    .action((flags: Flags) => {
      runClusters({ dataDirectory: flags.data, json: flags.json }, write);
    });
  option(clusters.command("apply"))
    .description("approve proposed moves of the newest plan; their nodes carry them out")
    .argument("[move...]", "ids of moves, as `clusters show` prints them")
    .option("--all", "approve all moves of the newest plan", false)
    .action(async (moveIds: string[], { data, json, all }: Flags & { all: boolean }) => {
      await runApplyMoves({ dataDirectory: data, json, moveIds, isAll: all }, write);
    });
  option(clusters.command("cancel"))
    .description("cancel approved moves, as long as their devices have not been asked")
    .argument("<move...>", "ids of moves, as `clusters show` prints them")
    .action(async (moveIds: string[], { data, json }: Flags) => {
      await runCancelMoves({ dataDirectory: data, json, moveIds }, write);
    });
}
