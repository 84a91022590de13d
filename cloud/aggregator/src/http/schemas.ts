/**
 * JSON schemas of the HTTP API; the OpenAPI documents are made of them. Energy and money are decimal text, since a JSON
 * number does not keep them exactly; instants are milliseconds since 1970 as JSON numbers.
 */
import type { BaselineMethod, MoveReportState } from "@gridpact/proto";

/** An event has at most this many market time units: two days of 15 minutes. */
const INTERVALS_MAX = 192;

/** Items of one page unless the caller asks for fewer. */
export const PAGE_ITEMS_MAX = 100;

const BASELINE_METHOD_NAMES: BaselineMethod[] = ["tenInTen", "highFiveOfTen", "meterBefore", "nominated"];

/** No longer than an id of the ledger, and fit for a file name. */
const id = { type: "string", pattern: "^[a-z0-9][a-z0-9.-]{0,127}$" } as const;
const decimal = { type: "string", pattern: "^(?:0|[1-9][0-9]{0,29})$", examples: ["1500"] } as const;
const decimals = { type: "array", items: decimal, maxItems: INTERVALS_MAX } as const;
const unixMs = { type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const;
const watts = { type: "integer", minimum: -Number.MAX_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER } as const;
const perMille = { type: "integer", minimum: 0 } as const;

const intervals = {
  type: "array",
  minItems: 1,
  maxItems: INTERVALS_MAX,
  items: closed({ startUnixMs: unixMs, endUnixMs: unixMs }),
} as const;

const powers = { type: "array", items: watts, maxItems: INTERVALS_MAX } as const;

const importForecast = closed({
  startUnixMs: unixMs,
  mtuMs: { type: "integer", minimum: 1, maximum: 86_400_000 },
  expectedW: powers,
  lowerW: powers,
  upperW: powers,
});

const profileFields = closed({
  vnId: id,
  feidCount: perMille,
  importW: watts,
  reduceWMax: watts,
  reboundPerMille: perMille,
});

/** A node without history has no forecast yet. */
export const virtualNodeProfile = {
  ...profileFields,
  properties: { ...profileFields.properties, forecast: importForecast },
} as const;

/** Summaries in one message, and events in one of them: what a node keeps. */
const SUMMARIES_MAX = 100;
const SUMMARY_EVENTS_MAX = 90;

const deviceName = { type: "string", minLength: 1, maxLength: 128 } as const;
const statistic = { type: "number" } as const;

/** Statistics, from which nothing is settled, so these are plain numbers. */
export const prosumerSummaries = closed({
  items: {
    type: "array",
    maxItems: SUMMARIES_MAX,
    items: closed({
      prosumerId: deviceName,
      feeder: deviceName,
      contractType: deviceName,
      capacityW: { type: "number", minimum: 0 },
      dayW: { type: "array", items: statistic, minItems: 48, maxItems: 48 },
      wattPerKelvin: { type: ["number", "null"] },
      events: {
        type: "array",
        maxItems: SUMMARY_EVENTS_MAX,
        items: closed({ eventId: id, startUnixMs: unixMs, promisedWh: statistic, deliveredWh: statistic }),
      },
    }),
  },
});

/** Moves in one message: what a node has a part in, and what one plan proposes. */
const MOVES_MAX = 64;

/** Two certificates and an authority's, as hex. */
const TICKET_HEX_CHARS_MAX = 16_384;

const MOVE_REPORT_STATES: MoveReportState[] = [
  "waiting",
  "offered",
  "released",
  "left",
  "refused",
  "returned",
  "cancelled",
  "ticketed",
  "closed",
];

/** What a node says of its moves, those it has no part in left out by the desk. */
export const moveReports = closed({
  items: {
    type: "array",
    maxItems: MOVES_MAX,
    items: closed({
      moveId: id,
      state: { enum: MOVE_REPORT_STATES },
      reason: { type: "string", maxLength: 1_024 },
      ticketHex: { type: ["string", "null"], pattern: "^[0-9a-f]*$", maxLength: TICKET_HEX_CHARS_MAX },
    }),
  },
});

/** Without `moveIds` the whole plan is approved; the hash keeps an operator from approving what was not shown. */
export const moveApproval = closed(
  { planHashHex: { type: "string", pattern: "^[0-9a-f]{64}$" } },
  { moveIds: { type: "array", items: id, minItems: 1, maxItems: MOVES_MAX } },
);

/** Terms of a node without its id, which is in the path. */
export const enrolment = closed(
  { mspId: { type: "string", pattern: "^[A-Za-z0-9.-]{1,64}$" }, priceMicroPerWh: decimal },
  // An operator may not know what the connection carries.
  { importWMax: { type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER } },
);

/** An event without its id, which is in the path. Whether the plan can be carried out is for `checkPlan`. */
export const eventPlan = closed({
  intervals,
  requestedWh: { ...decimals, minItems: 1 },
  priceMicroPerWhMax: decimal,
  penaltyMicroPerWh: decimal,
  penaltyCapPerMille: { type: "integer", minimum: 0, maximum: 10_000 },
  baselineMethod: { enum: BASELINE_METHOD_NAMES },
});

/** Ids in paths become parts of file names: the pattern of `id` is what keeps them within their folder. */
export const vnIdParams = closed({ vnId: id });
export const eventIdParams = closed({ eventId: id });
export const moveIdParams = closed({ moveId: id });

/** Query values arrive as text; the pattern keeps them numbers. */
export const pageQuery = {
  type: "object",
  additionalProperties: false,
  properties: { limit: { type: "string", pattern: "^[1-9][0-9]{0,2}$" }, after: id },
} as const;

/** An object with exactly these fields, all required but the optional ones: a misspelt field must not go unnoticed. */
function closed<P extends Record<string, unknown>, O extends Record<string, unknown>>(required: P, optional?: O) {
  const properties = { ...required, ...optional };
  return { type: "object", additionalProperties: false, required: Object.keys(required), properties } as const;
}
