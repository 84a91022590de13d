import { type DayProfile, HOURS_PER_DAY, type HourFlexibility, type ProsumerState } from "./prosumer-state.ts";

/** Metered history of one prosumer in equal units, with what its owner declared of its resources. */
export type ProsumerHistory = {
  readonly startUnixMs: number;
  readonly mtuMs: number;
  /** Mean net import of each unit, W; null where nothing was metered. */
  readonly powerW: readonly (number | null)[];
  /** Outdoor temperature of the same units, degrees Celsius; empty where nobody measures it. */
  readonly temperatureC: readonly (number | null)[];
  /** Most that loads can be switched off, and that batteries can give or take, W. */
  readonly loadsW: number;
  readonly batteriesW: number;
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Readings of the newest hour may still be on their way; that they are missing says nothing. */
const LATE_MS = HOUR_MS;

/** In three days of four there is at least so much: an offer should hold more often than not. */
const RELIED_SHARE = 0.25;

/** Below this share of the variance explained by temperature, a slope is chance. */
const EXPLAINED_MIN = 0.05;

/** Two days of hourly units: less cannot tell weather from the time of day. */
const WEATHER_UNITS_MIN = 48;

/**
 * The state with profile, availability and flexibility by hour learned anew from a history; unchanged where the history
 * has no value at all. Unusable values (NaN, infinities) count as missing.
 */
export function learnHistory(state: ProsumerState, history: ProsumerHistory): ProsumerState {
  const units = unitsOf(history);
  const known = units.filter(({ powerW }) => powerW !== null);
  if (known.length === 0) return state;
  const powers = known.map(({ powerW }) => powerW as number).sort((left, right) => left - right);
  const standbyW = Math.max(0, quantileOf(powers, 0.1));
  const peakW = quantileOf(powers, 0.95);
  const hours = Array.from({ length: HOURS_PER_DAY }, (_, hour) => {
    return hourOf(
      units.filter((unit) => unit.hour === hour),
      { ...history, standbyW, peakW },
    );
  });
  const historyUntilUnixMs = history.startUnixMs + history.powerW.length * history.mtuMs;
  return { ...state, profile: profileOf(known), hours, historyUntilUnixMs };
}

type Unit = {
  readonly hour: number;
  readonly day: number;
  readonly isRestday: boolean;
  readonly powerW: number | null;
  readonly temperatureC: number | null;
};

/** Units from the first one with a value on; newest ones without a value are left out while they may be late. */
function unitsOf({ startUnixMs, mtuMs, powerW, temperatureC }: ProsumerHistory): Unit[] {
  const values = powerW.map(finite);
  const first = values.findIndex((value) => value !== null);
  if (first < 0) return [];
  const lateUnits = Math.ceil(LATE_MS / mtuMs);
  let end = values.length;
  while (values.length - end < lateUnits && values[end - 1] === null) end -= 1;
  return values.slice(first, end).map((value, index) => {
    const atUnixMs = startUnixMs + (first + index) * mtuMs;
    const weekday = new Date(atUnixMs).getUTCDay();
    return {
      hour: Math.floor((atUnixMs % DAY_MS) / HOUR_MS),
      day: Math.floor(atUnixMs / DAY_MS),
      isRestday: weekday === 0 || weekday === 6,
      powerW: value,
      temperatureC: finite(temperatureC[first + index] ?? null),
    };
  });
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

type Bounds = { loadsW: number; batteriesW: number; standbyW: number; peakW: number };

function hourOf(units: readonly Unit[], { loadsW, batteriesW, standbyW, peakW }: Bounds): HourFlexibility {
  const powers = units.flatMap(({ powerW }) => (powerW === null ? [] : [powerW])).sort((left, right) => left - right);
  const sheddableW = Math.min(loadsW, Math.max(0, quantileOf(powers, RELIED_SHARE) - standbyW));
  const addableW = Math.min(loadsW, Math.max(0, peakW - quantileOf(powers, 1 - RELIED_SHARE)));
  const isKnown = powers.length > 0;
  return {
    // An hour that the history does not reach says nothing about the line.
    presentPerMille: units.length === 0 ? 1_000 : Math.round((powers.length * 1_000) / units.length),
    reduceW: isKnown ? Math.round(sheddableW + batteriesW) : 0,
    increaseW: isKnown ? Math.round(addableW + batteriesW) : 0,
  };
}

function profileOf(known: readonly Unit[]): DayProfile {
  const workdayW = meansByHour(known.filter(({ isRestday }) => !isRestday));
  const restdayW = meansByHour(known.filter(({ isRestday }) => isRestday));
  const anyW = meansByHour(known);
  const meanW = meanOf(known.map(({ powerW }) => powerW ?? 0)) ?? 0;
  const filled = (own: (number | null)[], other: (number | null)[]) =>
    own.map((value, hour) => wholeOf(value ?? other[hour] ?? anyW[hour] ?? meanW));
  return {
    workdayW: filled(workdayW, restdayW),
    restdayW: filled(restdayW, workdayW),
    wattPerKelvin: weatherSlope(known),
    dayCount: new Set(known.map(({ day }) => day)).size,
  };
}

function meansByHour(units: readonly Unit[]): (number | null)[] {
  return Array.from({ length: HOURS_PER_DAY }, (_, hour) => {
    return meanOf(units.flatMap((unit) => (unit.hour === hour && unit.powerW !== null ? [unit.powerW] : [])));
  });
}

/** Least squares through the origin on deviations from the usual hour, so that day and night are no weather. */
function weatherSlope(units: readonly Unit[]): number | null {
  const pairs = deviationPairs(units.filter(({ temperatureC }) => temperatureC !== null));
  if (pairs.length < WEATHER_UNITS_MIN) return null;
  const sums = { xx: 0, xy: 0, yy: 0 };
  for (const [x, y] of pairs) {
    sums.xx += x * x;
    sums.xy += x * y;
    sums.yy += y * y;
  }
  const explained = sums.xx * sums.yy === 0 ? 0 : (sums.xy * sums.xy) / (sums.xx * sums.yy);
  return explained < EXPLAINED_MIN ? null : wholeOf((sums.xy / sums.xx) * 10) / 10;
}

/** Temperature and power of each unit less their means at that hour. */
function deviationPairs(units: readonly Unit[]): [number, number][] {
  return Array.from({ length: HOURS_PER_DAY }, (_, hour) => units.filter((unit) => unit.hour === hour)).flatMap(
    (same) => {
      const meanC = meanOf(same.map(({ temperatureC }) => temperatureC ?? 0)) ?? 0;
      const meanW = meanOf(same.map(({ powerW }) => powerW ?? 0)) ?? 0;
      return same.map(({ temperatureC, powerW }): [number, number] => [
        (temperatureC ?? 0) - meanC,
        (powerW ?? 0) - meanW,
      ]);
    },
  );
}

/** Rounded, and 0 instead of -0, for which canonical JSON has no form. */
function wholeOf(value: number): number {
  return Math.round(value) + 0;
}

function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of values in ascending order; 0 where there are none. */
function quantileOf(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/** Energy that a prosumer usually draws in `[fromUnixMs, toUnixMs)`, Wh, import positive; null without history. */
export function usualEnergyWh({ profile }: ProsumerState, fromUnixMs: number, toUnixMs: number): number | null {
  if (profile === null) return null;
  let energyWh = 0;
  for (let at = fromUnixMs; at < toUnixMs; ) {
    const hourEnd = Math.min(toUnixMs, (Math.floor(at / HOUR_MS) + 1) * HOUR_MS);
    const weekday = new Date(at).getUTCDay();
    const powersW = weekday === 0 || weekday === 6 ? profile.restdayW : profile.workdayW;
    energyWh += ((powersW[Math.floor((at % DAY_MS) / HOUR_MS)] ?? 0) * (hourEnd - at)) / HOUR_MS;
    at = hourEnd;
  }
  return energyWh;
}
