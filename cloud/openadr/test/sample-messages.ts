import type { OadrMessage } from "../src/wire20b/message.ts";
import { okResponse } from "../src/wire20b/response.ts";
import { targetOf } from "../src/wire20b/target.ts";

const START = Date.UTC(2026, 10, 22, 12, 0, 0);
const CREATED = START - 3_600_000;

const realPower = {
  kind: "powerReal",
  value: {
    itemDescription: "RealPower",
    itemUnits: "W",
    siScaleCode: "k",
    powerAttributes: { hertz: 50, voltage: 230, ac: true },
  },
} as const;

const realEnergy = {
  kind: "energyReal",
  value: { itemDescription: "RealEnergy", itemUnits: "Wh", siScaleCode: "none" },
} as const;

const everyTarget = targetOf({
  aggregatedPnode: ["AP"],
  endDeviceAsset: ["Thermostat"],
  meterAsset: ["M1", "M2"],
  pnode: ["P"],
  serviceArea: [[52.1, 5.2, 52.3, 5.4, 52.1, 5.2]],
  serviceDeliveryPoint: ["SDP"],
  serviceLocation: [[1, 2, 3.5, -4]],
  transportInterface: [{ pointOfReceipt: "A", pointOfDelivery: "B" }],
  groupID: ["G"],
  groupName: ["Group & <Name>"],
  resourceID: ["R"],
  venID: ["VEN-1"],
  partyID: ["PARTY"],
});

const response = okResponse("REQ-1");
const period = { properties: { dtstartUnixMs: START, duration: "PT1H" } };

const reportRequest = {
  reportRequestID: "RR-1",
  reportSpecifier: {
    reportSpecifierID: "RS-1",
    granularity: "PT15M",
    reportBackDuration: "PT1H",
    reportInterval: period,
    specifierPayload: [
      { rID: "R1", itemBase: realPower, readingType: "Direct Read" },
      { rID: "R2", readingType: "x-own" },
    ],
  },
} as const;

const cancelReport = { requestID: "REQ-9", reportRequestID: ["RR-1", "RR-2"], reportToFollow: true, venID: "VEN-1" };

const event = {
  eiEvent: {
    eventDescriptor: {
      eventID: "EV-1",
      modificationNumber: 3,
      modificationDateTimeUnixMs: CREATED + 1,
      modificationReason: "longer",
      priority: 1,
      marketContext: "http://market.example/dr",
      createdDateTimeUnixMs: CREATED,
      eventStatus: "far",
      testEvent: "false",
      vtnComment: "überall ≤ 3 kW",
    },
    eiActivePeriod: {
      properties: {
        dtstartUnixMs: START,
        duration: "PT30M",
        startafter: { startafter: "PT5M" },
        notification: "PT1H",
        rampUp: "PT2M",
        recovery: "PT3M",
      },
      components: true,
    },
    eiEventSignals: {
      eiEventSignal: [
        {
          intervals: [
            { duration: "PT10M", uid: "0", signalPayload: [1] },
            { dtstartUnixMs: START + 600_000, duration: "PT20M", uid: "1", signalPayload: [2.5] },
          ],
          eiTarget: targetOf({ endDeviceAsset: ["Thermostat"] }),
          signalName: "LOAD_DISPATCH",
          signalType: "setpoint",
          signalID: "S-1",
          itemBase: realPower,
          currentValue: 0,
        },
        {
          intervals: [{ duration: "PT30M", uid: "0", signalPayload: [0.25] }],
          signalName: "ELECTRICITY_PRICE",
          signalType: "price",
          signalID: "S-2",
          itemBase: {
            kind: "currencyPerKWh",
            value: { itemDescription: "currencyPerKWh", itemUnits: "EUR", siScaleCode: "none" },
          },
        },
      ],
      eiEventBaseline: {
        dtstartUnixMs: START,
        duration: "PT30M",
        intervals: [{ duration: "PT30M", uid: "0", signalPayload: [1200] }],
        baselineID: "B-1",
        resourceID: ["R"],
        baselineName: "plain",
        itemBase: realEnergy,
      },
    },
    eiTarget: everyTarget,
  },
  oadrResponseRequired: "always",
} as const;

const metadataReport = {
  duration: "PT2H",
  oadrReportDescription: [
    {
      rID: "R1",
      reportSubject: targetOf({ meterAsset: ["M1"] }),
      reportDataSource: targetOf({ resourceID: ["R"] }),
      reportType: "usage",
      itemBase: realEnergy,
      readingType: "Direct Read",
      marketContext: "http://market.example/dr",
      oadrSamplingRate: { oadrMinPeriod: "PT1M", oadrMaxPeriod: "PT15M", oadrOnChange: false },
    },
    {
      rID: "R3",
      reportType: "x-resourceStatus",
      itemBase: {
        kind: "customUnit",
        value: { itemDescription: "pressure", itemUnits: "bar", siScaleCode: "none" },
      },
      readingType: "x-notApplicable",
    },
  ],
  reportRequestID: "0",
  reportSpecifierID: "RS-1",
  reportName: "METADATA_TELEMETRY_USAGE",
  createdDateTimeUnixMs: CREATED,
} as const;

const telemetryReport = {
  dtstartUnixMs: START,
  intervals: [
    {
      dtstartUnixMs: START,
      duration: "PT15M",
      uid: "0",
      oadrReportPayload: [
        {
          rID: "R1",
          confidence: 100,
          accuracy: 0.5,
          payload: { kind: "payloadFloat", value: 1250.5 },
          oadrDataQuality: "Quality Good - Non Specific",
        },
        {
          rID: "R3",
          payload: {
            kind: "oadrPayloadResourceStatus",
            value: {
              oadrOnline: true,
              oadrManualOverride: false,
              oadrLoadControlState: { oadrCapacity: { oadrMin: 0, oadrMax: 10, oadrCurrent: 5, oadrNormal: 5 } },
            },
          },
        },
      ],
    },
  ],
  eiReportID: "REP-1",
  oadrReportDescription: [],
  reportRequestID: "RR-1",
  reportSpecifierID: "RS-1",
  reportName: "TELEMETRY_USAGE",
  createdDateTimeUnixMs: START + 900_000,
} as const;

/** One message of every kind, together using every element that the package knows. */
export const SAMPLE_MESSAGES: readonly OadrMessage[] = [
  { type: "oadrQueryRegistration", requestID: "REQ-1" },
  {
    type: "oadrCreatePartyRegistration",
    requestID: "REQ-1",
    registrationID: "REG-1",
    venID: "VEN-1",
    oadrProfileName: "2.0b",
    oadrTransportName: "simpleHttp",
    oadrTransportAddress: "https://ven.example/",
    oadrReportOnly: false,
    oadrXmlSignature: true,
    oadrVenName: "a VEN",
    oadrHttpPullModel: true,
  },
  {
    type: "oadrCreatedPartyRegistration",
    eiResponse: response,
    registrationID: "REG-1",
    venID: "VEN-1",
    vtnID: "VTN",
    oadrProfiles: [{ oadrProfileName: "2.0b", oadrTransports: [{ oadrTransportName: "simpleHttp" }] }],
    oadrRequestedOadrPollFreq: "PT10S",
    oadrServiceSpecificInfo: [{ oadrServiceName: "EiEvent", oadrInfo: [{ oadrKey: "k", oadrValue: "v" }] }],
    oadrExtensions: [{ oadrExtensionName: "x", oadrInfo: [] }],
  },
  { type: "oadrRequestReregistration", venID: "VEN-1" },
  { type: "oadrCancelPartyRegistration", requestID: "REQ-2", registrationID: "REG-1", venID: "VEN-1" },
  { type: "oadrCanceledPartyRegistration", eiResponse: response, registrationID: "REG-1", venID: "VEN-1" },
  { type: "oadrPoll", venID: "VEN-1" },
  { type: "oadrResponse", eiResponse: response, venID: "VEN-1" },
  { type: "oadrRequestEvent", requestID: "REQ-3", venID: "VEN-1", replyLimit: 10 },
  { type: "oadrDistributeEvent", eiResponse: response, requestID: "REQ-4", vtnID: "VTN", oadrEvent: [event] },
  {
    type: "oadrCreatedEvent",
    eiResponse: response,
    eventResponses: [
      {
        responseCode: "200",
        responseDescription: "OK",
        requestID: "REQ-4",
        qualifiedEventID: { eventID: "EV-1", modificationNumber: 3 },
        optType: "optIn",
      },
    ],
    venID: "VEN-1",
  },
  {
    type: "oadrCreateOpt",
    optID: "OPT-1",
    optType: "optOut",
    optReason: "x-schedule",
    marketContext: "http://market.example/dr",
    venID: "VEN-1",
    vavailability: { available: [period] },
    createdDateTimeUnixMs: CREATED,
    requestID: "REQ-5",
    qualifiedEventID: { eventID: "EV-1", modificationNumber: 3 },
    eiTarget: targetOf({ venID: ["VEN-1"] }),
    oadrDeviceClass: targetOf({ endDeviceAsset: ["Thermostat"] }),
  },
  { type: "oadrCreatedOpt", eiResponse: response, optID: "OPT-1" },
  { type: "oadrCancelOpt", requestID: "REQ-6", optID: "OPT-1", venID: "VEN-1" },
  { type: "oadrCanceledOpt", eiResponse: response, optID: "OPT-1" },
  { type: "oadrRegisterReport", requestID: "REQ-7", oadrReport: [metadataReport], venID: "VEN-1" },
  { type: "oadrRegisteredReport", eiResponse: response, oadrReportRequest: [reportRequest], venID: "VEN-1" },
  { type: "oadrCreateReport", requestID: "REQ-8", oadrReportRequest: [reportRequest], venID: "VEN-1" },
  { type: "oadrCreatedReport", eiResponse: response, oadrPendingReports: ["RR-1"], venID: "VEN-1" },
  { type: "oadrUpdateReport", requestID: "REQ-10", oadrReport: [telemetryReport], venID: "VEN-1" },
  { type: "oadrUpdatedReport", eiResponse: response, oadrCancelReport: cancelReport, venID: "VEN-1" },
  { type: "oadrCancelReport", ...cancelReport },
  { type: "oadrCanceledReport", eiResponse: response, oadrPendingReports: [], venID: "VEN-1" },
];
