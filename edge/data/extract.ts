/**
 * Makes the extracts of this folder from a directory with the source data sets: `node extract.ts DATA_DIR`.
 * Nothing needs it at run time. What it changes is written down in README.md, section "What was changed".
 */
import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

type Table = { header: string[]; rows: string[][] };

/** Three whole weeks from Monday to Sunday, so that a repetition of them keeps the days of the week. */
const FIRST_DAY = Date.UTC(2016, 0, 11);
const DAY_COUNT = 21;
const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;

/** Whole weeks from the demo calendar to the calendar of the source: days of the week stay what they are. */
const SHIFT_DAYS = { simbench: 0, office: 0, homes: 364, household: -2_919 } as const;

const GRID = "grid/1-LV-semiurb4--2-sw";

function main(dataDir: string, outDir: string): void {
  const source = (name: string) => parse(readFileSync(join(dataDir, name)));
  const target = (name: string, table: Table) => {
    mkdirSync(dirname(join(outDir, name)), { recursive: true });
    writeFileSync(join(outDir, name), `${[table.header, ...table.rows].map((row) => row.join(",")).join("\n")}\n`);
  };
  const loads = source(`${GRID}/loads.csv`);
  const pv = source(`${GRID}/pv.csv`);
  for (const name of ["buses", "lines", "transformers"]) {
    target(`simbench/${name}.csv`, source(`${GRID}/${name}.csv`));
  }
  target("simbench/loads.csv", columns(loads, { load: text, bus: text, kind: text, profile: text, p_ref_kw: milli }));
  target("simbench/pv.csv", columns(pv, { pv: text, bus: text, profile: text, p_ref_kw: milli }));
  const storage = { storage: text, bus: text, p_max_kw: milli, e_max_kwh: milli, efficiency: milli };
  target("simbench/storage.csv", columns(source(`${GRID}/storage.csv`), storage));
  target("simbench/profiles.csv", simbenchProfiles(source("grid/profiles_15min.csv.gz"), loads, pv));
  const clients = { client: text, pv_kwp: milli, battery_kwh: milli, battery_kw: milli };
  target("homes/clients.csv", columns(source("homes/clients.csv"), clients));
  for (const name of ["load", "pv"]) {
    const hourly = source(`homes/${name}_kwh_hourly.csv`);
    target(`homes/${name}_w.csv`, cut(hourly, { shiftDays: SHIFT_DAYS.homes, stepMs: HOUR_MS, convert: milli }));
  }
  const office = source("commercial/load_kwh_hourly.csv");
  target("office/load_w.csv", cut(office, { shiftDays: SHIFT_DAYS.office, stepMs: HOUR_MS, convert: milli }));
  target("household/load_w.csv", household(source("household/uci_15min.csv")));
  target("homes/conditions.csv", conditions(source("homes/weather_carbon_price_hourly.csv")));
}

/** Shape of each profile that a load or PV of the grid uses, in parts per 100,000 of its reference power. */
function simbenchProfiles(profiles: Table, loads: Table, pv: Table): Table {
  const names = [
    ...new Set(loads.rows.map((row) => `${row[loads.header.indexOf("profile")]}_pload`)),
    ...new Set(pv.rows.map((row) => row[pv.header.indexOf("profile")] ?? "")),
  ].sort();
  const used = columns(profiles, Object.fromEntries(["ts", ...names].map((name) => [name, text])));
  const convert = (value: string) => scaled(value, 100_000);
  const shifted = cut(used, { shiftDays: SHIFT_DAYS.simbench, stepMs: QUARTER_MS, convert });
  return { header: shifted.header.map((name) => name.replace("_pload", "")), rows: shifted.rows };
}

/** Money per kWh in thousandths is micro-money per Wh, as kg per kWh in thousandths is g per kWh. */
function conditions(hourly: Table): Table {
  const tenths = (value: string) => scaled(value, 10);
  const wanted = { ts: text, temp_c: tenths, carbon_kg_per_kwh: milli, tou_price_usd_per_kwh: milli };
  const picked = cut(columns(hourly, wanted), { shiftDays: SHIFT_DAYS.homes, stepMs: HOUR_MS, convert: text });
  return { ...picked, header: ["ts", "temp_deci_c", "carbon_g_per_kwh", "price_micro_per_wh"] };
}

/** Total load and the sub-meter of water heater and air conditioner: Wh in the quarter hour become mean W. */
function household(quarters: Table): Table {
  const used = columns(quarters, { ts: text, p_kw: milli, sub3_wh: (value) => scaled(value, 4) });
  const table = cut(used, { shiftDays: SHIFT_DAYS.household, stepMs: QUARTER_MS, convert: text });
  // The sub-meter counts whole Wh, so its mean may exceed a small total by rounding.
  const rows = table.rows.map(([ts = "", load = "", heater]) => {
    return [ts, load, `${Math.min(Number(load), Number(heater))}`];
  });
  return { header: ["ts", "load_w", "water_heater_w"], rows };
}

/** The demo weeks of a table, relabelled with the demo calendar; a missing row or cell is an error. */
function cut(table: Table, options: { shiftDays: number; stepMs: number; convert: (value: string) => string }): Table {
  const byTime = new Map(table.rows.map((row) => [row[0], row]));
  const rows: string[][] = [];
  for (let at = FIRST_DAY; at < FIRST_DAY + DAY_COUNT * DAY_MS; at += options.stepMs) {
    const row = byTime.get(isoSeconds(at + options.shiftDays * DAY_MS));
    assert(row !== undefined && row.every((cell) => cell !== ""), `no data for ${isoSeconds(at)}`);
    rows.push([isoSeconds(at), ...row.slice(1).map(options.convert)]);
  }
  return { header: table.header, rows };
}

function columns(table: Table, wanted: Record<string, (value: string) => string>): Table {
  const picked = Object.entries(wanted).map(([name, convert]) => ({ at: table.header.indexOf(name), name, convert }));
  for (const { at, name } of picked) assert(at >= 0, `no column ${name}`);
  const header = picked.map(({ name, convert }) => (convert === milli ? name.replace(/_kw(?=h|p|$)/, "_w") : name));
  const rows = table.rows.map((row) => picked.map(({ at, convert }) => convert(row[at] ?? "")));
  return { header: header.map(unitless), rows };
}

/** A fraction that became parts per thousand says so. */
function unitless(name: string): string {
  return name === "efficiency" ? "efficiency_per_mille" : name;
}

function text(value: string): string {
  return value;
}

function milli(value: string): string {
  return scaled(value, 1_000);
}

function scaled(value: string, factor: number): string {
  const result = Math.round(Number(value) * factor);
  assert(Number.isSafeInteger(result) && value !== "", `not a number: ${value}`);
  return `${result === 0 ? 0 : result}`;
}

function isoSeconds(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 19);
}

function parse(bytes: Uint8Array): Table {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const lines = (isGzip ? gunzipSync(bytes) : Buffer.from(bytes)).toString("utf8").trim().split(/\r?\n/);
  const [header, ...rows] = lines.map((line) => line.split(","));
  return { header: header ?? [], rows };
}

const dataDir = process.argv[2];
if (dataDir === undefined) throw new Error("usage: node extract.ts DATA_DIR");
main(dataDir, import.meta.dirname);
