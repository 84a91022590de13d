import { existsSync, readFileSync } from "node:fs";
import { type Decision, replay } from "@gridpact/aggregator";
import { canonicalJson, readUnitJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { existingDataDirectory } from "../process/data-directory.ts";

export type ReplayOptions = {
  /** File of a decision, or the id of an event in the data directory. */
  decision: string;
  dataDirectory: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
};

/**
 * The command `gridpact replay`: takes a decision of the aggregator again from the inputs that were kept with it, and
 * says whether it comes out the same to the last bit. Returns the exit code: 0 when it does, else 1.
 * @throws CliError when there is no such decision, or the file is none
 */
export function runReplay(
  { decision: wanted, dataDirectory, json }: ReplayOptions,
  write: (text: string) => void,
): number {
  const decision = readDecision(wanted, dataDirectory);
  const result = replay(decision);
  const { eventId, inputsHashHex, recommendationHashHex, recommendation, inputs } = decision;
  if (json) {
    write(`${canonicalJson({ eventId, inputsHashHex, recommendationHashHex, ...result })}\n`);
    return result.isSame ? 0 : 1;
  }
  const verdict = result.isSame ? "SAME: taken again, bit for bit" : `DIFFERENT (${result.reason}): ${result.detail}`;
  const lines = [
    `event           ${eventId}`,
    `model, seed     ${inputs.modelVersion}, ${inputs.seed}, ${inputs.draws} draws over ${inputs.nodes.length} nodes`,
    `inputs          ${inputsHashHex}`,
    `recommendation  ${recommendationHashHex}`,
    `wanted          ${inputs.wanted}, recommended ${recommendation.recommended}`,
    ...recommendation.reasons.map((reason) => `                ${reason}`),
    verdict,
  ];
  write(`${lines.join("\n")}\n`);
  return result.isSame ? 0 : 1;
}

function readDecision(wanted: string, dataDirectory: string): Decision {
  const path = existsSync(wanted) ? wanted : decisionPath(wanted, dataDirectory);
  if (!existsSync(path))
    throw new CliError("INPUT", `${path}: there is no such decision; events are listed by the API`);
  try {
    const decision = readUnitJson(readFileSync(path, "utf8")) as Partial<Decision>;
    const isWhole = decision.inputs !== undefined && decision.recommendation !== undefined;
    if (isWhole && decision.inputsHashHex !== undefined) return decision as Decision;
  } catch (cause) {
    throw new CliError("INPUT", `${path}: is no decision: ${String(cause)}`, cause);
  }
  throw new CliError("INPUT", `${path}: is no decision: inputs, recommendation or their hashes are missing`);
}

function decisionPath(eventId: string, dataDirectory: string): string {
  return existingDataDirectory(dataDirectory).at("aggregator", "decisions", `${eventId}.json`);
}
