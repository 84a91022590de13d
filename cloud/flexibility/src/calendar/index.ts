/** Calendar: on which days people rest. */
export { COUNTRIES, type Country, publicHolidays } from "./public-holidays.ts";
export { type LocalSeries, recogniseCountry } from "./recognise-holidays.ts";
