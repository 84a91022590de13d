/** JSON schemas of the operator's requests: they hold types and bounds; what values mean is checked by the VTN. */

const text = { type: "string", maxLength: 1_024 } as const;
const id = { type: "string", minLength: 1, maxLength: 128, pattern: "^[\\x21-\\x7e]+$" } as const;
const duration = { type: "string", maxLength: 64 } as const;
const unixMs = { type: "integer" } as const;

const interval = {
  type: "object",
  required: ["duration", "value"],
  additionalProperties: false,
  properties: { duration, value: { type: "number" } },
} as const;

const names = { type: "array", maxItems: 10_000, items: text } as const;

/** The parts of a target that are names; places and grid nodes are for programs that hold a `Vtn20b`. */
const target = {
  type: "object",
  additionalProperties: false,
  properties: { groupID: names, groupName: names, resourceID: names, venID: names, partyID: names },
} as const;

const intervals = { type: "array", maxItems: 1_440, items: interval } as const;

const baseline = {
  type: "object",
  required: ["baselineName", "startUnixMs", "duration", "intervals"],
  additionalProperties: false,
  properties: {
    baselineName: text,
    startUnixMs: unixMs,
    duration,
    intervals,
    resourceIds: names,
    itemBase: { type: "object" },
  },
} as const;

const signal = {
  type: "object",
  required: ["signalName", "signalType", "intervals"],
  additionalProperties: false,
  properties: {
    signalName: text,
    signalType: text,
    intervals,
    itemBase: { type: "object" },
    target,
  },
} as const;

const changeable = {
  startUnixMs: unixMs,
  duration,
  signals: { type: "array", maxItems: 20, items: signal },
  marketContext: text,
  priority: { type: "integer", minimum: 0, maximum: 4_294_967_295 },
  startafter: duration,
  notification: duration,
  rampUp: duration,
  recovery: duration,
  isResponseRequired: { type: "boolean" },
  isTest: { type: "boolean" },
  comment: text,
  target,
  baseline,
} as const;

const venIds = { type: "array", minItems: 1, maxItems: 10_000, uniqueItems: true, items: id } as const;

function body(required: readonly string[], properties: object) {
  return { body: { type: "object", required, additionalProperties: false, properties } };
}

/** Bodies of the admin interface. Whether signals and targets go together is for the VTN to say. */
export const ADMIN_SCHEMAS = {
  enrolment: body(["fingerprint"], { fingerprint: text, venId: id }),
  event: body(["venIds", "startUnixMs", "duration", "signals"], { ...changeable, venIds, eventId: id }),
  eventChange: body([], changeable),
  reportRequest: body(["venId", "reportSpecifierId", "granularity", "reportBackDuration"], {
    venId: id,
    reportSpecifierId: text,
    granularity: duration,
    reportBackDuration: duration,
    period: {
      type: "object",
      required: ["dtstartUnixMs", "duration"],
      additionalProperties: false,
      properties: { dtstartUnixMs: unixMs, duration },
    },
  }),
};
