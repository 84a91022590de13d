import { explainKept, type KeptChoice, type ProsumerExplanation } from "@gridpact/broker";
import { nodeDisk } from "@gridpact/host";
import { percentText } from "@gridpact/page/amounts.js";
import { writeUnitJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { euro } from "../demo/screen.ts";
import { existingDataDirectory } from "../process/data-directory.ts";
import { VN_IDS } from "../wiring/market.ts";

export type ExplainOptions = {
  eventId: string;
  dataDirectory: string;
  /** One prosumer only; all of the nodes that were asked when left out. */
  deviceId?: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
};

/**
 * The command `gridpact explain`: why each prosumer was called in an event or not, from what the nodes kept of their
 * choices; each choice is made again and compared. Resolves to the exit code: 0 when all come out the same, else 1.
 * @throws CliError when no node of the data directory knows of the event, or of the prosumer in it
 */
export async function runExplain(options: ExplainOptions, write: (text: string) => void): Promise<number> {
  const { eventId, deviceId } = options;
  const data = existingDataDirectory(options.dataDirectory);
  const kept: KeptChoice[] = [];
  for (const vnId of VN_IDS) kept.push(...(await explainKept(nodeDisk(data.at(`vn-${vnId}`, "agent")), eventId)));
  if (kept.length === 0) throw new CliError("INPUT", `no node of ${data.root} keeps a choice about ${eventId}`);
  const wanted = kept
    .map((choice) => ({
      ...choice,
      explanations: choice.explanations.filter((each) => deviceId === undefined || each.deviceId === deviceId),
    }))
    .filter(({ explanations }) => deviceId === undefined || explanations.length > 0);
  if (wanted.length === 0) throw new CliError("INPUT", `${deviceId} is not known to the nodes that were asked`);
  if (options.json) write(`${writeUnitJson({ eventId, choices: wanted.map(machineReadable) })}\n`);
  else for (const choice of wanted) write(`${textOf(choice, deviceId !== undefined).join("\n")}\n`);
  return wanted.every(({ replay }) => replay.isSame) ? 0 : 1;
}

function machineReadable({ record, replay, explanations }: KeptChoice) {
  const { vnId, request, decidedAtUnixMs, models, inputsHashHex, planHashHex, value, way = null } = record;
  const identity = { vnId, requestId: request.requestId, decidedAtUnixMs, models, inputsHashHex, planHashHex };
  return { ...identity, way, replay, value, explanations };
}

function textOf({ record, replay, explanations }: KeptChoice, isSingle: boolean): string[] {
  const { vnId, request, value, planHashHex, models } = record;
  const verdict = replay.isSame ? "SAME: made again, bit for bit" : `DIFFERENT (${replay.reason})`;
  return [
    `event ${request.eventId} at ${vnId}: ${record.candidates.length} candidates, ${record.passedOver.length} others`,
    `  models  forecast ${models.forecast}, matching ${models.matching}, dispatch ${models.dispatch ?? "greedy"}`,
    `  plan    ${planHashHex}, as on the ledger`,
    `  orders  ${wayText(record.way)}`,
    ...(value === null ? [] : [worthText(value)]),
    `  choice  ${verdict}`,
    ...explanations.flatMap((each) => (isSingle ? detailsOf(each) : [lineOf(each)])),
  ];
}

const FALLBACK_WORDS = {
  no_plan: "found none within the limits and its work",
  limit_broken: "broke a limit by the independent check",
  no_solver: "was not there",
  no_time: "was not ready when the answer was due",
} as const;

/** Costs are what was expected when the choice was made; what was paid in the end is part of its worth. */
function wayText(way: KeptChoice["record"]["way"]): string {
  if (way === undefined) return "greedy";
  if (way.way === "fallback") return `greedy, as the optimiser ${FALLBACK_WORDS[way.reason]}`;
  const { costMicro, greedyCostMicro, boundMicro } = way;
  const expected = `${euro(costMicro)} expected, at least ${euro(boundMicro)} by any orders`;
  return way.way === "confirmed"
    ? `greedy, confirmed by the optimiser: ${expected}`
    : `by the optimiser: ${expected}, ${euro(greedyCostMicro)} by greedy ones`;
}

function worthText({ actualMicro, greedyMicro, clairvoyantMicro }: NonNullable<KeptChoice["record"]["value"]>): string {
  const regret = euro(clairvoyantMicro - actualMicro);
  const others = `greedy ${euro(greedyMicro)}; knowing all ${euro(clairvoyantMicro)}`;
  return `  worth   ${euro(actualMicro)}; ${others}: regret ${regret}`;
}

function lineOf({ deviceId, verdict, reasons }: ProsumerExplanation): string {
  return `  ${deviceId.padEnd(24)} ${verdict.padEnd(16)} ${reasons[0] ?? ""}`;
}

function detailsOf(each: ProsumerExplanation): string[] {
  const { calls, beliefPerMille: belief, earnedMicro, wouldHaveEarnedMicro } = each;
  return [
    `${each.deviceId}: ${each.verdict.replaceAll("_", " ")}`,
    ...each.reasons.map((reason) => `  ${reason}`),
    `  offered ${each.offeredWh} Wh, ordered ${each.orderedWh} Wh, delivered ${each.deliveredWh ?? "?"} Wh`,
    `  delivers by what is known now ${percentText(belief.mean)} of an order, ` +
      `in nine cases of ten ${percentText(belief.lower)} to ${percentText(belief.upper)}`,
    `  called ${calls.calledCount} times of ${calls.offeredCount}: ${calls.calledPerMille / 10} % of the energy; ` +
      `fair by what it offers: ${calls.fairPerMille / 10} %`,
    `  earned ${earnedMicro === null ? "not known yet" : euro(earnedMicro)}; ` +
      `with all it offered ordered it could expect ${euro(wouldHaveEarnedMicro)}`,
  ];
}
