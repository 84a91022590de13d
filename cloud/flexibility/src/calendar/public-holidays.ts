/**
 * Public holidays of the countries whose data the product was tried on, by rule. A package with all countries of the
 * world exists and takes 45 MB; a country is added here in a line.
 */

export type Country = "AU" | "DE" | "FR" | "GB" | "US";

/**
 * `fixed` month and day; `easter` days after Easter Sunday; `nth` weekday of a month (negative counts from its end;
 * Monday is 1).
 */
type Rule =
  | { readonly kind: "fixed"; readonly month: number; readonly day: number }
  | { readonly kind: "easter"; readonly days: number }
  | { readonly kind: "nth"; readonly nth: number; readonly weekday: number; readonly month: number };

/** What happens to a fixed day on a weekend: nothing, the next working day is free, or the nearest one is. */
type Substitute = "none" | "next" | "nearest";

const fixed = (month: number, day: number): Rule => ({ kind: "fixed", month, day });
const easter = (days: number): Rule => ({ kind: "easter", days });
const monday = (nth: number, month: number): Rule => ({ kind: "nth", nth, weekday: 1, month });

const NEW_YEAR = fixed(1, 1);
const CHRISTMAS = fixed(12, 25);
const BOXING_DAY = fixed(12, 26);
const GOOD_FRIDAY = easter(-2);
const EASTER_MONDAY = easter(1);
const ASCENSION = easter(39);
const WHIT_MONDAY = easter(50);
const LABOUR_DAY = fixed(5, 1);
const THANKSGIVING: Rule = { kind: "nth", nth: 4, weekday: 4, month: 11 };

/** Whole-country days; of Australia those of New South Wales, of the United Kingdom those of England. */
const CALENDARS: Record<Country, { readonly rules: readonly Rule[]; readonly substitute: Substitute }> = {
  AU: {
    rules: [
      NEW_YEAR,
      fixed(1, 26),
      GOOD_FRIDAY,
      EASTER_MONDAY,
      fixed(4, 25),
      monday(2, 6),
      monday(1, 10),
      CHRISTMAS,
      BOXING_DAY,
    ],
    substitute: "next",
  },
  DE: {
    rules: [
      NEW_YEAR,
      GOOD_FRIDAY,
      EASTER_MONDAY,
      LABOUR_DAY,
      ASCENSION,
      WHIT_MONDAY,
      fixed(10, 3),
      CHRISTMAS,
      BOXING_DAY,
    ],
    substitute: "none",
  },
  FR: {
    rules: [
      ...[NEW_YEAR, EASTER_MONDAY, LABOUR_DAY, fixed(5, 8), ASCENSION, WHIT_MONDAY],
      ...[fixed(7, 14), fixed(8, 15), fixed(11, 1), fixed(11, 11), CHRISTMAS],
    ],
    substitute: "none",
  },
  GB: {
    rules: [NEW_YEAR, GOOD_FRIDAY, EASTER_MONDAY, monday(1, 5), monday(-1, 5), monday(-1, 8), CHRISTMAS, BOXING_DAY],
    substitute: "next",
  },
  US: {
    rules: [
      ...[NEW_YEAR, monday(3, 1), monday(3, 2), monday(-1, 5), fixed(7, 4), monday(1, 9)],
      ...[fixed(11, 11), THANKSGIVING, CHRISTMAS],
    ],
    substitute: "nearest",
  },
};

/** ISO 3166-1 codes; when holidays are recognised the first of equals wins. */
export const COUNTRIES = Object.keys(CALENDARS) as Country[];

const DAY_MS = 86_400_000;

/** The days of a year on which the country rests, `YYYY-MM-DD`, in order. */
export function publicHolidays(country: Country, year: number): string[] {
  const { rules, substitute } = CALENDARS[country];
  const days = new Set<number>();
  for (const rule of rules) days.add(observed(dayOf(rule, year), substitute, days));
  return [...days].sort((left, right) => left - right).map((day) => new Date(day * DAY_MS).toISOString().slice(0, 10));
}

/** Days since 1970. */
function dayOf(rule: Rule, year: number): number {
  switch (rule.kind) {
    case "fixed":
      return dayNumber(year, rule.month, rule.day);
    case "easter":
      return easterDay(year) + rule.days;
    case "nth":
      return nthWeekday(rule, year);
  }
}

function nthWeekday({ nth, weekday, month }: Rule & { kind: "nth" }, year: number): number {
  if (nth > 0) {
    const first = dayNumber(year, month, 1);
    return first + ((weekday - weekdayOf(first) + 7) % 7) + 7 * (nth - 1);
  }
  const last = dayNumber(year, month + 1, 1) - 1;
  return last - ((weekdayOf(last) - weekday + 7) % 7) + 7 * (nth + 1);
}

function observed(day: number, substitute: Substitute, taken: ReadonlySet<number>): number {
  if (substitute === "none" || weekdayOf(day) % 6 !== 0) return day;
  if (substitute === "nearest" && weekdayOf(day) === 6) return day - 1;
  let next = day + 1;
  while (weekdayOf(next) % 6 === 0 || taken.has(next)) next += 1;
  return next;
}

/** Easter Sunday of the Gregorian calendar (anonymous algorithm, Meeus, Astronomical Algorithms, chapter 8). */
function easterDay(year: number): number {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const inCentury = year % 100;
  const correction = Math.floor((century + 8) / 25);
  const moon = (19 * golden + century - (century >> 2) - Math.floor((century - correction + 1) / 3) + 15) % 30;
  const week = (32 + 2 * (century % 4) + 2 * (inCentury >> 2) - moon - (inCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * moon + 22 * week) / 451);
  const index = moon + week - 7 * late + 114;
  return dayNumber(year, Math.floor(index / 31), (index % 31) + 1);
}

function dayNumber(year: number, month: number, day: number): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/** 0 = Sunday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
