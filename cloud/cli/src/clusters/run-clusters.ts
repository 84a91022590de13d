import { existsSync, readFileSync } from "node:fs";
import type { ClusterPlan } from "@gridpact/aggregator";
import { CliError } from "../cli-error.ts";
import { existingDataDirectory } from "../process/data-directory.ts";

export type ClustersOptions = {
  dataDirectory: string;
  /** The newest plan as one line of JSON instead of text for people. */
  json: boolean;
};

/**
 * The command `gridpact clusters`: the newest plan of the aggregator for clusters, as it kept it.
 * @throws CliError while there is none
 */
export function runClusters({ dataDirectory, json }: ClustersOptions, write: (text: string) => void): void {
  const path = existingDataDirectory(dataDirectory).at("aggregator", "clusters", "plans.json");
  const plans = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as ClusterPlan[]) : [];
  const newest = plans.at(-1);
  if (newest === undefined) throw new CliError("INPUT", "no node has described its prosumers yet");
  write(json ? `${JSON.stringify(newest)}\n` : `${textOf(newest).join("\n")}\n`);
}

function timeOf(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 16)}Z`;
}

function textOf({ plannedAtUnixMs, inputsHashHex, prosumerCount, eventCount, ...plan }: ClusterPlan): string[] {
  const { initial, moves, reasons, expectedErrorPerMille, movedErrorPerMille } = plan;
  return [
    `planned   ${timeOf(plannedAtUnixMs)} from ${prosumerCount} prosumers, ${eventCount} events`,
    `inputs    ${inputsHashHex}`,
    "formed from history alone, within the guidelines:",
    ...initial.clusters.map(({ feeder, contractType, prosumerIds }, index) => {
      return `  ${index + 1}  ${feeder} (${contractType}), ${prosumerIds.length}: ${prosumerIds.join(" ")}`;
    }),
    ...(initial.unplacedIds.length === 0 ? [] : [`  in none: ${initial.unplacedIds.join(" ")}`]),
    `expected to miss ${expectedErrorPerMille / 10} % of what is promised, after moves ${movedErrorPerMille / 10} %`,
    ...moves.map(({ memberId, fromVnId, toVnId }) => `  move ${memberId} from ${fromVnId} to ${toVnId}`),
    ...reasons,
  ];
}
