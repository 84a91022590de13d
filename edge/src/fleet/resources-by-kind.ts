import type { ResourceSpec } from "../control/index.ts";
import type { PowerSeries } from "../profile/index.ts";
import type { FeidKind } from "./feid-description.ts";

/**
 * What can be controlled behind each kind of connection point. The profiles do not say what they consist of (but for
 * heat pumps, chargers and the sub-metered water heater), so the shares are assumptions of the demonstration: a fifth
 * of a household's load can wait, three tenths of a shop's or office's load is lighting, two fifths of an office's is
 * air conditioning.
 */
const WAITING_PER_MILLE = 200n;
const LIGHTING_PER_MILLE = 300n;
const AIR_PER_MILLE = 400n;

/** Dimmed to three tenths, people still find their way. */
const LIGHTING_DEPTH_PER_MILLE = 700n;

/** A kelvin and a half is where people begin to notice. */
const COMFORT_MILLI_KELVIN_MAX = 1_500n;

/** A house forgets its temperature over about a day and a half, an office full of people over half a day. */
const HOUSE_TIME_CONSTANT_MS = 36n * 3_600_000n;
const OFFICE_TIME_CONSTANT_MS = 12n * 3_600_000n;

/** A kelvin as time at rated power: a building is made to warm up by one in about three quarters of an hour. */
const THERMAL_MINUTES_PER_KELVIN = 45n;

/** Private vehicles leave for work, those at public chargers in the evening. */
const HOME_DEPARTURE_MINUTE = 7 * 60;
const PUBLIC_DEPARTURE_MINUTE = 18 * 60;

/** SimBench's name for profiles of public charging points. */
const PUBLIC_CHARGER_PREFIX = "APLS";

/**
 * What a device of this kind steers, as parts of its `load`.
 * @param profile - SimBench's name of the load's profile, which tells public chargers from private ones
 */
export function resourcesOf(kind: FeidKind, load: PowerSeries, profile = ""): ResourceSpec[] {
  switch (kind) {
    case "household":
      return [{ kind: "relay", resourceId: "appliances", load: load.scaled(WAITING_PER_MILLE) }];
    case "commercial":
      return [lighting(load)];
    case "office":
      return [lighting(load), air(load.scaled(AIR_PER_MILLE), OFFICE_TIME_CONSTANT_MS)];
    case "heat_pump":
      return [air(load, HOUSE_TIME_CONSTANT_MS)];
    case "ev":
      return [charger(load, profile.startsWith(PUBLIC_CHARGER_PREFIX))];
  }
}

function lighting(load: PowerSeries): ResourceSpec {
  return {
    kind: "dimmer",
    resourceId: "lighting",
    load: load.scaled(LIGHTING_PER_MILLE),
    depthPerMille: LIGHTING_DEPTH_PER_MILLE,
  };
}

function air(load: PowerSeries, timeConstantMs: bigint): ResourceSpec {
  const ratedW = load.maxW();
  return {
    kind: "heat_pump",
    resourceId: "heat-pump",
    load,
    ratedW,
    thermalWhPerKelvin: (ratedW * THERMAL_MINUTES_PER_KELVIN) / 60n,
    comfortMilliKelvinMax: COMFORT_MILLI_KELVIN_MAX,
    timeConstantMs,
  };
}

function charger(load: PowerSeries, isPublic: boolean): ResourceSpec {
  const departureMinuteOfDay = isPublic ? PUBLIC_DEPARTURE_MINUTE : HOME_DEPARTURE_MINUTE;
  return { kind: "ev", resourceId: "charger", load, ratedW: load.maxW(), departureMinuteOfDay };
}
