import { readDistrict } from "./district.ts";
import type { FeederDescription, FeidDescription } from "./feid-description.ts";
import { readFeeders } from "./grid.ts";
import { OFFICE_FEEDER, readOffices } from "./offices.ts";

/** First instant of the demonstration's profiles, 2016-01-11T00:00Z, a Monday. They repeat after three weeks. */
export const FLEET_START_UNIX_MS = Date.UTC(2016, 0, 11);

/** All devices of the demonstration, from the extracts in `data/`, always in the same order. */
export function loadFleet(): FeidDescription[] {
  return [...readDistrict(readFeeders()), ...readOffices()];
}

/** All feeders of the demonstration. */
export function loadFeeders(): FeederDescription[] {
  return [...readFeeders(), OFFICE_FEEDER];
}
