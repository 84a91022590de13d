import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ApprovedMove, type ClusterPlan, type MoveView, moveViews } from "@gridpact/aggregator";
import { CliError } from "../cli-error.ts";
import { type DataDirectory, existingDataDirectory } from "../process/data-directory.ts";

export type ClustersOptions = {
  dataDirectory: string;
  /** The newest plan and the moves as one line of JSON instead of text for people. */
  json: boolean;
};

/**
 * The command `gridpact clusters`: the newest plan of the aggregator for clusters, and how far each move between nodes
 * has come, as it kept them.
 * @throws CliError while there is none
 */
export function runClusters({ dataDirectory, json }: ClustersOptions, write: (text: string) => void): void {
  const data = existingDataDirectory(dataDirectory);
  const path = data.at("aggregator", "clusters", "plans.json");
  const plans = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ClusterPlan[]) : [];
  const newest = plans.at(-1);
  if (newest === undefined) throw new CliError("INPUT", "no node has described its prosumers yet");
  const moves = moveViews(newest, approvedMoves(data));
  const text = [...textOf(newest), ...moves.map((move) => `  ${moveLine(move)}`)].join("\n");
  write(json ? `${JSON.stringify({ ...newest, moves })}\n` : `${text}\n`);
}

const STATE_WORDS = {
  proposed: "proposed",
  approved: "approved",
  underWay: "under way",
  cancelling: "being cancelled",
  done: "done",
  refused: "refused",
  cancelled: "cancelled",
} as const satisfies Record<MoveView["state"], string>;

/** One move for people: its id first, as `gridpact clusters apply` takes it. */
export function moveLine({ moveId, deviceId, fromVnId, toVnId, state, reason }: MoveView): string {
  const why = reason === "" ? "" : `: ${reason}`;
  return `move ${moveId}  ${deviceId} from ${fromVnId} to ${toVnId}, ${STATE_WORDS[state]}${why}`;
}

function approvedMoves(data: DataDirectory): ApprovedMove[] {
  const directory = data.at("aggregator", "moves");
  if (!existsSync(directory)) return [];
  const names = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return names.map((name) => JSON.parse(readFileSync(join(directory, name), "utf8")) as ApprovedMove);
}

function timeOf(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 16)}Z`;
}

function textOf({ plannedAtUnixMs, inputsHashHex, prosumerCount, eventCount, ...plan }: ClusterPlan): string[] {
  const { initial, reasons, expectedErrorPerMille, movedErrorPerMille } = plan;
  return [
    `planned   ${timeOf(plannedAtUnixMs)} from ${prosumerCount} prosumers, ${eventCount} events`,
    `inputs    ${inputsHashHex}`,
    "formed from history alone, within the guidelines:",
    ...initial.clusters.map(({ feeder, contractType, prosumerIds }, index) => {
      return `  ${index + 1}  ${feeder} (${contractType}), ${prosumerIds.length}: ${prosumerIds.join(" ")}`;
    }),
    ...(initial.unplacedIds.length === 0 ? [] : [`  in none: ${initial.unplacedIds.join(" ")}`]),
    `expected to miss ${expectedErrorPerMille / 10} % of what is promised, after moves ${movedErrorPerMille / 10} %`,
    ...reasons,
  ];
}
