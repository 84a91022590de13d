import { PowerSeries } from "../profile/index.ts";
import { integers, powerSeries, readTable } from "./csv.ts";
import type { FeederDescription, FeidDescription } from "./feid-description.ts";
import { resourcesOf } from "./resources-by-kind.ts";

/**
 * Shares of the metered office building that its zones take, per mille; together the whole building. The source has one
 * meter for all of it: zones of unequal size are an assumption, so that the virtual node has something to choose from.
 */
export const ZONE_SHARES_PER_MILLE = [160n, 140n, 120n, 110n, 100n, 100n, 90n, 80n, 60n, 40n] as const;

/** The building has its own transformer of this rating. Its peak in the data is 264 kW. */
const TRANSFORMER_VA_MAX = 400_000n;

const BUS = "office";

/** Of one bus, so that a limit of the transformer is one of the feeder. */
export const OFFICE_FEEDER: FeederDescription = {
  feeder: "feeder-office",
  vnId: "offices",
  buses: [BUS],
  powerVaMax: TRANSFORMER_VA_MAX,
};

/** The zones of the office. Shares are rounded down to whole W; the first zone has the rest. */
export function readOffices(): FeidDescription[] {
  const rows = readTable("office/load_w.csv");
  const building = powerSeries(rows, integers(rows, "BDG2_1"));
  const [, ...later] = ZONE_SHARES_PER_MILLE.map((share) => building.scaled(share));
  const first = later.reduce((rest, zone) => rest.minus(zone), building);
  return [first, ...later].map((load, index) => ({
    deviceId: `o-zone-${index + 1}`,
    vnId: "offices",
    bus: BUS,
    feeder: OFFICE_FEEDER.feeder,
    kind: "office",
    load,
    pv: PowerSeries.constant(0n),
    resources: resourcesOf("office", load),
    balances: false,
  }));
}
