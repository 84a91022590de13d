import { type LocalSeries, publicHolidays, recogniseCountry } from "../src/index.ts";

/** The holidays that a series was seen to keep, those of its last year and the next; none where it keeps none. */
export function holidaysOf(series: LocalSeries): string[] {
  const country = recogniseCountry(series);
  if (country === null) return [];
  const lastYear = new Date(series.startUnixMs + series.values.length * series.mtuMs).getUTCFullYear();
  return [lastYear - 1, lastYear, lastYear + 1].flatMap((year) => publicHolidays(country, year));
}
