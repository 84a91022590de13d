import { strict as assert } from "node:assert";
import type { ResourceSpec } from "../control/index.ts";
import { PowerSeries } from "../profile/index.ts";
import { cell, integers, powerSeries, type Row, readTable } from "./csv.ts";
import type { FeederDescription, FeidDescription, FeidKind } from "./feid-description.ts";
import { resourcesOf } from "./resources-by-kind.ts";

/** Profiles are stored as parts per 100,000 of the reference power. */
const PROFILE_SCALE = 100_000n;

/** Round-trip efficiency of the homes' batteries, which their source does not state: SimBench's figure. */
const HOME_BATTERY_EFFICIENCY_PER_MILLE = 950n;

/** Kinds of SimBench loads that this fleet knows. */
const KINDS: readonly FeidKind[] = ["household", "commercial", "heat_pump", "ev"];

/**
 * The district: every connection point of the grid, nine metered homes and a metered house at household buses. Homes
 * with a roof and a battery, and owners of chargers, let the virtual node balance; businesses keep theirs for events.
 */
export function readDistrict(feeders: readonly FeederDescription[]): FeidDescription[] {
  const points = readConnectionPoints(feeders);
  const households = points.filter(({ kind }) => kind === "household");
  const homes = readHomes().map((home, index) => {
    const neighbour = households[index];
    assert(neighbour !== undefined, "fewer household buses than homes");
    return { ...home, bus: neighbour.bus, feeder: neighbour.feeder };
  });
  return [...points, ...homes];
}

type Placed = Omit<FeidDescription, "bus" | "feeder">;

function readConnectionPoints(feeders: readonly FeederDescription[]): FeidDescription[] {
  const shapes = readTable("simbench/profiles.csv");
  const pv = readTable("simbench/pv.csv");
  const storage = readTable("simbench/storage.csv");
  const takenBuses = new Set<string>();
  return readTable("simbench/loads.csv").map((row) => {
    const bus = cell(row, "bus");
    // PV and storage of a bus stand behind the first meter there: SimBench does not say whose they are.
    const isFirst = !takenBuses.has(bus);
    takenBuses.add(bus);
    const kind = kindOf(row);
    const load = shapedSeries(shapes, row);
    const battery = isFirst ? storage.filter((unit) => cell(unit, "bus") === bus).map(batteryOf) : [];
    const plant = isFirst ? pv.find((unit) => cell(unit, "bus") === bus) : undefined;
    return {
      deviceId: `d-ld${loadNumber(row)}-${kind.replace("_", "-")}`,
      vnId: "district",
      bus,
      feeder: feederOf(feeders, bus),
      kind,
      load,
      pv: plant === undefined ? PowerSeries.constant(0n) : shapedSeries(shapes, plant),
      resources: [...battery, ...resourcesOf(kind, load, cell(row, "profile"))],
      balances: kind === "ev",
    };
  });
}

function readHomes(): Placed[] {
  const loads = readTable("homes/load_w.csv");
  const pv = readTable("homes/pv_w.csv");
  const homes = readTable("homes/clients.csv").map((row): Placed => {
    const client = cell(row, "client");
    const load = powerSeries(loads, integers(loads, client));
    const battery: ResourceSpec = {
      kind: "battery",
      resourceId: "battery",
      powerWMax: BigInt(cell(row, "battery_w")),
      energyWhMax: BigInt(cell(row, "battery_wh")),
      efficiencyPerMille: HOME_BATTERY_EFFICIENCY_PER_MILLE,
    };
    return {
      deviceId: `d-home-${client.toLowerCase()}`,
      vnId: "district",
      kind: "household",
      load,
      pv: powerSeries(pv, integers(pv, client)),
      resources: [battery, ...resourcesOf("household", load)],
      balances: true,
    };
  });
  return [...homes, readHouse()];
}

/** The one house whose controllable load is metered: water heater and air conditioner. */
function readHouse(): Placed {
  const rows = readTable("household/load_w.csv");
  const heater = powerSeries(rows, integers(rows, "water_heater_w"));
  return {
    deviceId: "d-house-uci",
    vnId: "district",
    kind: "household",
    load: powerSeries(rows, integers(rows, "load_w")),
    pv: PowerSeries.constant(0n),
    resources: [{ kind: "relay", resourceId: "water-heater", load: heater }],
    balances: false,
  };
}

/** Two digits of a name such as LD7, so that names sort as the loads do. */
function loadNumber(row: Row): string {
  return cell(row, "load").replace("LD", "").padStart(2, "0");
}

/** The kind as one of ours; a new kind in the data needs a model first. */
function kindOf(row: Row): FeidKind {
  const kind = KINDS.find((known) => known === cell(row, "kind"));
  assert(kind !== undefined, `unknown kind ${row["kind"]}`);
  return kind;
}

/** Shape times reference power, rounded down to whole W. */
function shapedSeries(shapes: readonly Row[], row: Row): PowerSeries {
  const referenceW = BigInt(cell(row, "p_ref_w"));
  const valuesW = integers(shapes, cell(row, "profile")).map((parts) => (parts * referenceW) / PROFILE_SCALE);
  return powerSeries(shapes, valuesW);
}

function batteryOf(row: Row): ResourceSpec {
  return {
    kind: "battery",
    resourceId: "battery",
    powerWMax: BigInt(cell(row, "p_max_w")),
    energyWhMax: BigInt(cell(row, "e_max_wh")),
    efficiencyPerMille: BigInt(cell(row, "efficiency_per_mille")),
  };
}

function feederOf(feeders: readonly FeederDescription[], bus: string): string {
  const found = feeders.find(({ buses }) => buses.includes(bus));
  assert(found !== undefined, `bus ${bus} is on no feeder`);
  return found.feeder;
}
