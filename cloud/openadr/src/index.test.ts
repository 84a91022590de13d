import { expect, it } from "vitest";
import * as openadr from "./index.ts";

it("exports exactly these values", () => {
  expect(Object.keys(openadr).sort()).toEqual([
    "AdminError",
    "HttpTransport",
    "MemoryNonceStore",
    "RESPONSE_CODES",
    "ReplayedMeter",
    "SqliteDocumentStore",
    "SqliteNonceStore",
    "StorageError",
    "Ven20b",
    "VenError",
    "Vtn20b",
    "VtnRefusal",
    "cancelEvent",
    "certificateFingerprint",
    "createAdminServer",
    "createEvent",
    "createVtnServer",
    "enrolFingerprint",
    "eventFromFlags",
    "formatPayload",
    "listEvents",
    "listVens",
    "modifyEvent",
    "parseFingerprint",
    "parsePayload",
    "requestAllTelemetry",
    "runVen",
    "runVtn",
    "signingIdentity",
    "systemClock",
    "systemRandom",
    "targetOf",
  ]);
});
