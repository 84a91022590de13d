import { element, listOf, many, one, optional, sequence, type TypeOf, wrapping } from "./codec.ts";
import { itemBase } from "./item-base.ts";
import { eiResponseField, optionalEiResponse, requestID, venID } from "./response.ts";
import {
  dateTime,
  duration,
  empty,
  extensibleToken,
  float,
  responseCode,
  text,
  token,
  unsignedInt,
} from "./simple-types.ts";
import { eiTarget, optionalTarget } from "./target.ts";

/** How far an event has got. `none` is of the schema; no VTN sends it. */
export const EVENT_STATUSES = ["none", "far", "near", "active", "completed", "cancelled"] as const;
/** One of `EVENT_STATUSES`. */
export type EventStatus = (typeof EVENT_STATUSES)[number];

/** The signals of the profile. `simple` in small letters is 2.0a's spelling, which 2.0b keeps. */
export const SIGNAL_NAMES = [
  "SIMPLE",
  "simple",
  "ELECTRICITY_PRICE",
  "ENERGY_PRICE",
  "DEMAND_CHARGE",
  "BID_PRICE",
  "BID_LOAD",
  "BID_ENERGY",
  "CHARGE_STATE",
  "LOAD_DISPATCH",
  "LOAD_CONTROL",
] as const;

/** What the values of a signal are: levels, prices, absolute or relative amounts. */
export const SIGNAL_TYPES = [
  "delta",
  "level",
  "multiplier",
  "price",
  "priceMultiplier",
  "priceRelative",
  "setpoint",
  "x-loadControlCapacity",
  "x-loadControlLevelOffset",
  "x-loadControlPercentOffset",
  "x-loadControlSetpoint",
] as const;

/** A VEN takes part or does not; there is no third answer. */
export const OPT_TYPES = ["optIn", "optOut"] as const;
/** One of `OPT_TYPES`. */
export type OptType = (typeof OPT_TYPES)[number];

/** Parts that events, availabilities and reports share, each with the wrapping that the schema gives it. */
export const dtstart = element("xcal:dtstart", wrapping(element("xcal:date-time", dateTime)));
/** Twice the same name, one within the other: so is the schema. [OADR2.0b xcal:duration] */
export const xcalDuration = element("xcal:duration", wrapping(element("xcal:duration", duration)));
/** The inner half alone, for elements of other names. */
export const wrappedDuration = wrapping(element("xcal:duration", duration));
/** A URI by the schema, taken as the text that it is: programmes are compared by it, and nothing is fetched. */
export const marketContext = element("emix:marketContext", text);
export const createdDateTimeUnixMs = one(element("ei:createdDateTime", dateTime));
/** A signal's value or a reading; finite, see `float`. */
export const payloadFloat = element("ei:payloadFloat", wrapping(element("ei:value", float)));
/** Of an interval: its number within the signal or report, from 0 on, as text. */
export const uid = element("xcal:uid", wrapping(element("xcal:text", text)));

/** The period of an event, an availability or a report, with the event's own extras [OADR2.0b `xcal:properties`]. */
export const properties = element(
  "xcal:properties",
  sequence({
    dtstartUnixMs: one(dtstart),
    duration: one(xcalDuration),
    /** The start may be moved by a random time of up to this duration. */
    startafter: optional(
      element(
        "xcal:tolerance",
        wrapping(element("xcal:tolerate", sequence({ startafter: optional(element("xcal:startafter", duration)) }))),
      ),
    ),
    notification: optional(element("ei:x-eiNotification", wrappedDuration)),
    rampUp: optional(element("ei:x-eiRampUp", wrappedDuration)),
    recovery: optional(element("ei:x-eiRecovery", wrappedDuration)),
  }),
);

/** What one interval of a signal says. */
const signalPayload = element("ei:signalPayload", wrapping(payloadFloat));

const signalInterval = element(
  "ei:interval",
  sequence({
    dtstartUnixMs: optional(dtstart),
    duration: optional(xcalDuration),
    uid: optional(uid),
    signalPayload: many(signalPayload, 1),
  }),
);

const intervals = one(element("strm:intervals", listOf(signalInterval, 1)));

const eiEventSignal = sequence({
  intervals,
  eiTarget: optionalTarget,
  signalName: one(element("ei:signalName", extensibleToken(SIGNAL_NAMES))),
  signalType: one(element("ei:signalType", token(SIGNAL_TYPES))),
  signalID: one(element("ei:signalID", text)),
  itemBase: optional(itemBase),
  currentValue: optional(element("ei:currentValue", wrapping(payloadFloat))),
});

const eiEventBaseline = sequence({
  dtstartUnixMs: one(dtstart),
  duration: one(xcalDuration),
  intervals,
  baselineID: one(element("ei:baselineID", text)),
  resourceID: many(element("ei:resourceID", text)),
  baselineName: one(element("ei:baselineName", text)),
  itemBase: optional(itemBase),
});

const eventDescriptor = sequence({
  eventID: one(element("ei:eventID", text)),
  modificationNumber: one(element("ei:modificationNumber", unsignedInt)),
  modificationDateTimeUnixMs: optional(element("ei:modificationDateTime", dateTime)),
  modificationReason: optional(element("ei:modificationReason", text)),
  /** 0 is no priority; of two others the lower number wins. */
  priority: optional(element("ei:priority", unsignedInt)),
  marketContext: one(element("ei:eiMarketContext", wrapping(marketContext))),
  createdDateTimeUnixMs,
  eventStatus: one(element("ei:eventStatus", token(EVENT_STATUSES))),
  /** Any text but absence, "" or "false" marks a test event. */
  testEvent: optional(element("ei:testEvent", text)),
  vtnComment: optional(element("ei:vtnComment", text)),
});

const eiEvent = sequence({
  eventDescriptor: one(element("ei:eventDescriptor", eventDescriptor)),
  eiActivePeriod: one(
    element(
      "ei:eiActivePeriod",
      sequence({ properties: one(properties), components: one(element("xcal:components", empty)) }),
    ),
  ),
  eiEventSignals: one(
    element(
      "ei:eiEventSignals",
      sequence({
        eiEventSignal: many(element("ei:eiEventSignal", eiEventSignal), 1),
        eiEventBaseline: optional(element("ei:eiEventBaseline", eiEventBaseline)),
      }),
    ),
  ),
  eiTarget: one(element("ei:eiTarget", eiTarget)),
});

/** An event as it goes over the wire [OADR2.0b ei:eiEvent]. */
export type EiEvent = TypeOf<typeof eiEvent>;
/** One signal of an event [OADR2.0b ei:eiEventSignal]. */
export type EiEventSignal = TypeOf<typeof eiEventSignal>;
/** What an event is held against [OADR2.0b ei:eiEventBaseline]. */
export type EiEventBaseline = TypeOf<typeof eiEventBaseline>;

const oadrEvent = sequence({
  eiEvent: one(element("ei:eiEvent", eiEvent)),
  oadrResponseRequired: one(element("oadr:oadrResponseRequired", token(["always", "never"]))),
});

/** An event, and whether an answer is wanted [OADR2.0b oadrEvent]. */
export type OadrEvent = TypeOf<typeof oadrEvent>;

/** An event in one of its modifications: an answer is always to one. */
export const qualifiedEventID = element(
  "ei:qualifiedEventID",
  sequence({
    eventID: one(element("ei:eventID", text)),
    modificationNumber: one(element("ei:modificationNumber", unsignedInt)),
  }),
);

const eventResponse = sequence({
  responseCode: one(element("ei:responseCode", responseCode)),
  responseDescription: optional(element("ei:responseDescription", text)),
  requestID,
  qualifiedEventID: one(qualifiedEventID),
  optType: one(element("ei:optType", token(OPT_TYPES))),
});

/** The answer to one event in one of its modifications [OADR2.0b ei:eventResponse]. */
export type EventResponse = TypeOf<typeof eventResponse>;

/** VTN to VEN: all events that concern it, at once. What is missing in it is cancelled. */
export const oadrDistributeEvent = sequence({
  eiResponse: optionalEiResponse,
  requestID,
  vtnID: one(element("ei:vtnID", text)),
  oadrEvent: many(element("oadr:oadrEvent", oadrEvent)),
});

/** VEN to VTN: the answers to events. */
export const oadrCreatedEvent = wrapping(
  element(
    "pyld:eiCreatedEvent",
    sequence({
      eiResponse: eiResponseField,
      eventResponses: optional(element("ei:eventResponses", listOf(element("ei:eventResponse", eventResponse), 0))),
      venID,
    }),
  ),
);

/** VEN to VTN: asks for its events outside of polling. */
export const oadrRequestEvent = wrapping(
  element(
    "pyld:eiRequestEvent",
    sequence({ requestID, venID, replyLimit: optional(element("pyld:replyLimit", unsignedInt)) }),
  ),
);
