import { cell, readTable } from "./csv.ts";
import type { VnId } from "./feid-description.ts";
import { OFFICE_FEEDER } from "./offices.ts";

/** A bus with the line or transformer that feeds it; the first of a grid is the source. */
export type BranchDescription = {
  bus: string;
  /** The bus above, which comes before this one; null at the source. */
  fromBus: string | null;
  /** Thermal limit; null at the source. */
  powerVaMax: number | null;
  /** Seen from the low voltage. */
  resistanceOhm: number;
  reactanceOhm: number;
};

/** The grid of a virtual node's devices, outwards from its source, and the voltage that the source is held at. */
export type GridDescription = { branches: BranchDescription[]; sourcePu: number; nominalKv: number };

const VA_PER_KVA = 1_000;
const KVA_PER_MVA = 1_000;

/** Of the office nothing is known but its transformer. */
export function readGrid(vnId: VnId): GridDescription {
  return vnId === "district" ? readDistrictGrid() : OFFICE_GRID;
}

const OFFICE_GRID: GridDescription = {
  branches: [
    { bus: "source", fromBus: null, powerVaMax: null, resistanceOhm: 0, reactanceOhm: 0 },
    ...OFFICE_FEEDER.buses.map((bus) => ({
      bus,
      fromBus: "source",
      powerVaMax: Number(OFFICE_FEEDER.powerVaMax),
      resistanceOhm: 0,
      reactanceOhm: 0,
    })),
  ],
  sourcePu: 1,
  nominalKv: 0.4,
};

function readDistrictGrid(): GridDescription {
  const [transformer = {}] = readTable("simbench/transformers.csv");
  const number = (column: string) => Number(cell(transformer, column));
  const nominalKv = number("vn_lv_kv");
  // Short-circuit impedance of the transformer, per cent of its rated impedance.
  const ratedOhm = (nominalKv * nominalKv * KVA_PER_MVA) / number("s_kva");
  const [vk, vkr] = [number("vk_percent") / 100, number("vkr_percent") / 100];
  const source = cell(transformer, "hv_bus");
  const branches: BranchDescription[] = [
    { bus: source, fromBus: null, powerVaMax: null, resistanceOhm: 0, reactanceOhm: 0 },
    {
      bus: cell(transformer, "lv_bus"),
      fromBus: source,
      powerVaMax: number("s_kva") * VA_PER_KVA,
      resistanceOhm: vkr * ratedOhm,
      reactanceOhm: Math.sqrt(vk * vk - vkr * vkr) * ratedOhm,
    },
  ];
  addLines(branches);
  return { branches, sourcePu: number("slack_vm_pu"), nominalKv };
}

/** Walks outwards over closed lines: the list grows while it is walked, and each bus is fed once. */
function addLines(branches: BranchDescription[]): void {
  const lines = readTable("simbench/lines.csv").filter((row) => cell(row, "closed") === "1");
  const fed = new Set(branches.map(({ bus }) => bus));
  for (const { bus: fromBus } of branches) {
    for (const row of lines) {
      const ends = [cell(row, "from_bus"), cell(row, "to_bus")];
      const bus = ends.find((end) => end !== fromBus);
      if (!ends.includes(fromBus) || bus === undefined || fed.has(bus)) continue;
      fed.add(bus);
      branches.push({
        bus,
        fromBus,
        powerVaMax: Number(cell(row, "s_max_kva")) * VA_PER_KVA,
        resistanceOhm: Number(cell(row, "r_ohm")),
        reactanceOhm: Number(cell(row, "x_ohm")),
      });
    }
  }
}
