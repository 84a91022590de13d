import {
  expectedByMethodW,
  type ForecastBasis,
  type ForecastMethodName,
  METHOD_NAMES,
  meanOf,
} from "./forecast-methods.ts";

/** One way to forecast: a method, with or without the correction of its level by the most recent values. */
export type ForecastRule = { readonly name: ForecastMethodName; readonly isLevelCorrected: boolean };

/**
 * Two hours say whether the load runs above or below its usual level today; within four hours that knowledge has faded
 * for households, so the correction falls in a straight line to zero (a line, because `exp` may differ between
 * engines).
 */
const LEVEL_HOURS = 2;
const FADING_HOURS = 4;
const HOURS_PER_DAY = 24;

/** All rules, the preferred first: on equal errors the uncorrected combination is taken. */
export const FORECAST_RULES: readonly ForecastRule[] = [false, true].flatMap((isLevelCorrected) =>
  METHOD_NAMES.map((name) => ({ name, isLevelCorrected })),
);

/**
 * Expected power in W of the `horizonUnits` units from the origin on, by every rule, in the order of `FORECAST_RULES`.
 * Always numbers, whatever the history lacks.
 */
export function pointForecasts(basis: ForecastBasis, horizonUnits: number): Float64Array[] {
  const uncorrectedW = methodForecasts(basis, horizonUnits);
  const errorsW = recentErrorsW(basis);
  const fadingUnits = (FADING_HOURS * basis.series.unitsPerDay) / HOURS_PER_DAY;
  const correctedW = uncorrectedW.map((forecastW, method) =>
    forecastW.map((powerW, lead) => powerW + (errorsW[method] ?? 0) * Math.max(0, 1 - (lead + 1) / fadingUnits)),
  );
  return [...uncorrectedW, ...correctedW];
}

function methodForecasts(basis: ForecastBasis, horizonUnits: number): Float64Array[] {
  const fallbackW = levelW(basis);
  const forecastsW = METHOD_NAMES.map(() => new Float64Array(horizonUnits));
  for (let lead = 0; lead < horizonUnits; lead += 1) {
    expectedByMethodW(basis, basis.origin + lead).forEach((powerW, method) => {
      const forecastW = forecastsW[method];
      if (forecastW !== undefined) forecastW[lead] = Number.isNaN(powerW) ? fallbackW : powerW;
    });
  }
  return forecastsW;
}

/** How far each method, asked `LEVEL_HOURS` ago, was below the values since. */
function recentErrorsW({ series, origin }: ForecastBasis): number[] {
  const units = Math.ceil((LEVEL_HOURS * series.unitsPerDay) / HOURS_PER_DAY);
  const earlier = { series, origin: Math.max(0, origin - units) };
  const actualW = series.powerW.subarray(earlier.origin, origin);
  return methodForecasts(earlier, actualW.length).map((forecastW) => {
    const errorW = meanOf(Array.from(actualW, (powerW, lead) => powerW - (forecastW[lead] ?? Number.NaN)));
    return Number.isNaN(errorW) ? 0 : errorW;
  });
}

/** The best guess without any pattern: the mean of the last day, else of everything, else zero. */
function levelW({ series, origin }: ForecastBasis): number {
  const lastDayW = meanOf(Array.from(series.powerW.subarray(Math.max(0, origin - series.unitsPerDay), origin)));
  if (!Number.isNaN(lastDayW)) return lastDayW;
  const overallW = meanOf(Array.from(series.powerW.subarray(0, origin)));
  return Number.isNaN(overallW) ? 0 : overallW;
}
