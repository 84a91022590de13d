import { existsSync, readFileSync } from "node:fs";
import { type EmissionScenario, emissionScenarios, type HouseholdMeans } from "@gridpact/edge";
import { percentText } from "@gridpact/page/amounts.js";
import { CliError } from "../cli-error.ts";

export type EmissionsOptions = {
  /** CSV, hourly: time stamp first, then one column of kWh for each household. */
  loadPath: string;
  /** CSV, hourly: time stamp first, and a column `carbon_kg_per_kwh`. */
  carbonPath: string;
  means: HouseholdMeans;
  /** One line of JSON instead of a table. */
  json: boolean;
};

/** A column of values by time stamp. */
type Column = Map<string, number>;

const CARBON_COLUMN = "carbon_kg_per_kwh";

/**
 * The command `gridpact emissions`: what each household of a file would have emitted, had it waited for cleaner hours
 * or run a battery by carbon. Hours without a load or a carbon value are left out, and their number is told.
 * @throws CliError for a file that is not there or has no such columns
 */
export function runEmissions(
  { loadPath, carbonPath, means, json }: EmissionsOptions,
  write: (text: string) => void,
): void {
  const carbon = readColumns(carbonPath).get(CARBON_COLUMN);
  if (carbon === undefined) throw new CliError("INPUT", `${carbonPath}: has no column ${CARBON_COLUMN}`);
  const households = [...readColumns(loadPath)].map(([household, load]) => {
    const hours = [...load].filter(([hour]) => carbon.has(hour));
    const loadWh = hours.map(([, kwh]) => kwh * WH_PER_KWH);
    const carbonGramPerKwh = hours.map(([hour]) => (carbon.get(hour) ?? 0) * GRAM_PER_KG);
    const scenarios = emissionScenarios({ loadWh, carbonGramPerKwh }, means);
    return { household, hours: hours.length, hoursLeftOut: load.size - hours.length, scenarios };
  });
  if (json) write(`${JSON.stringify({ households })}\n`);
  else for (const each of households) write(`${textOf(each)}\n`);
}

const WH_PER_KWH = 1_000;
const GRAM_PER_KG = 1_000;

function textOf(result: {
  household: string;
  hours: number;
  hoursLeftOut: number;
  scenarios: EmissionScenario[];
}): string {
  const { household, hours, hoursLeftOut, scenarios } = result;
  const leftOut = hoursLeftOut === 0 ? "" : `, ${hoursLeftOut} without carbon left out`;
  const rows = scenarios.map(({ name, emissionGram, avoidedPerMille, movedWh, delayHoursMean }) => {
    const kg = (emissionGram / GRAM_PER_KG).toFixed(1).padStart(10);
    const saved = percentText(avoidedPerMille).padStart(8);
    const moved = `${(movedWh / WH_PER_KWH).toFixed(1)} kWh moved`.padStart(20);
    return `  ${name.padEnd(20)}${kg} kg${saved} less${moved}, ${delayHoursMean} h later`;
  });
  return [`${household} (${hours} hours${leftOut})`, ...rows].join("\n");
}

/** All columns but the first, which names the hour; empty cells are missing values. */
function readColumns(path: string): Map<string, Column> {
  if (!existsSync(path)) throw new CliError("INPUT", `${path}: there is no such file`);
  const [header = "", ...lines] = readFileSync(path, "utf8").trim().split(/\r?\n/);
  const names = header.split(",").slice(1);
  const rows = lines.map((line) => line.split(","));
  return new Map(names.map((name, index) => [name, columnOf(rows, index + 1, path)]));
}

function columnOf(rows: readonly string[][], column: number, path: string): Column {
  const filled = rows.flatMap((cells, row) => {
    const cell = cells[column] ?? "";
    const value = Number(cell);
    // Line 1 is the header.
    if (!Number.isFinite(value)) throw new CliError("INPUT", `${path}:${row + 2}: ${cell} is no number`);
    return cell === "" ? [] : [[cells[0] ?? "", value] as const];
  });
  return new Map(filled);
}
