/** Spans of UTC, in which no day is shorter or longer than another. What goes by a local clock must not use them. */
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
