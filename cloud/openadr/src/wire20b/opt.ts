import { element, listOf, one, optional, sequence, type TypeOf } from "./codec.ts";
import { createdDateTimeUnixMs, marketContext, OPT_TYPES, properties, qualifiedEventID } from "./event.ts";
import { eiResponseField, requestID, venID } from "./response.ts";
import { extensibleToken, text, token } from "./simple-types.ts";
import { eiTarget } from "./target.ts";

/** Why a VEN takes part or does not, as far as it says. */
export const OPT_REASONS = [
  "economic",
  "emergency",
  "mustRun",
  "notParticipating",
  "outageRunStatus",
  "overrideStatus",
  "participating",
  "x-schedule",
] as const;

const optID = element("ei:optID", text);

const vavailability = sequence({
  available: one(
    element("xcal:components", listOf(element("xcal:available", sequence({ properties: one(properties) })), 0)),
  ),
});

/** An opt schedule (with `vavailability`) or the answer to one event (with `qualifiedEventID`). */
export const oadrCreateOpt = sequence({
  optID: one(optID),
  optType: one(element("ei:optType", token(OPT_TYPES))),
  optReason: one(element("ei:optReason", extensibleToken(OPT_REASONS))),
  marketContext: optional(marketContext),
  venID,
  vavailability: optional(element("xcal:vavailability", vavailability)),
  createdDateTimeUnixMs,
  requestID,
  qualifiedEventID: optional(qualifiedEventID),
  eiTarget: one(element("ei:eiTarget", eiTarget)),
  oadrDeviceClass: optional(element("oadr:oadrDeviceClass", eiTarget)),
});

/** A schedule of availability, or the answer to one event [OADR2.0b oadrCreateOpt]. */
export type CreateOpt = TypeOf<typeof oadrCreateOpt>;

/** VTN to VEN: the opt is taken, or by its code not. */
export const oadrCreatedOpt = sequence({ eiResponse: eiResponseField, optID: one(optID) });

/** VEN to VTN: the opt holds no more. */
export const oadrCancelOpt = sequence({ requestID, optID: one(optID), venID });

/** VTN to VEN: it is gone. */
export const oadrCanceledOpt = sequence({ eiResponse: eiResponseField, optID: optional(optID) });
