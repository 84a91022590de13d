import { type BalanceReport, keptPerMille, readBalance } from "@gridpact/broker";
import { nodeDisk } from "@gridpact/host";
import { percentText } from "@gridpact/page/amounts.js";
import { writeUnitJson } from "@gridpact/settlement";
import { CliError } from "../cli-error.ts";
import { euro, kilowattHours } from "../demo/screen.ts";
import { existingDataDirectory } from "../process/data-directory.ts";
import { MTU_MS, VN_IDS } from "../wiring/market.ts";

export type BalanceOptions = {
  dataDirectory: string;
  /** One line of JSON instead of text for people. */
  json: boolean;
};

type NodeBalance = BalanceReport & { vnId: string };

/**
 * The command `gridpact balance`: what each node's own balance came to on its newest day, and each prosumer's account
 * of shared energy, from what the nodes keep.
 * @throws CliError when no node of the data directory has balanced anything
 */
export async function runBalance(
  { dataDirectory, json }: BalanceOptions,
  write: (text: string) => void,
): Promise<void> {
  const data = existingDataDirectory(dataDirectory);
  const nodes: NodeBalance[] = [];
  for (const vnId of VN_IDS) {
    const report = await readBalance(nodeDisk(data.at(`vn-${vnId}`, "agent")), MTU_MS);
    if (report !== undefined) nodes.push({ vnId, ...report });
  }
  if (nodes.length === 0) throw new CliError("INPUT", `no node of ${data.root} has balanced anything`);
  if (json) write(`${writeUnitJson({ nodes })}\n`);
  else for (const node of nodes) write(`${textOf(node).join("\n")}\n`);
}

function textOf({ vnId, figures, outcomes, accounts }: NodeBalance): string[] {
  const { surplusWh, keptWh, unmovedKeptWh, sharedWh, peakW, unmovedPeakW, dayStartUnixMs } = figures;
  const kept = (wh: bigint) => percentText(keptPerMille(wh, surplusWh));
  return [
    `${vnId} on ${new Date(dayStartUnixMs).toISOString().slice(0, 10)}`,
    `  surplus of members ${kilowattHours(surplusWh)}, kept at its feeder ${kept(keptWh)}, ` +
      `without balancing ${kept(unmovedKeptWh)}`,
    `  peak ${peakW} W, without balancing ${unmovedPeakW} W`,
    `  from member to member ${kilowattHours(sharedWh)}`,
    `  units of feeders   ${Object.entries(outcomes)
      .map(([outcome, count]) => `${outcome} ${count}`)
      .join(", ")}`,
    ...accounts.map(({ deviceId, givenWh, takenWh, takenMicro }) => {
      return `  ${deviceId.padEnd(24)} gave ${givenWh} Wh, got ${takenWh} Wh worth ${euro(takenMicro)}`;
    }),
  ];
}
