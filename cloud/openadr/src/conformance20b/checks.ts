import { type OadrMessage, type ServiceName, targetOf } from "../wire20b/index.ts";
import type { Registered } from "./check.ts";
import { type Check, codeOf, isRefusal } from "./check.ts";
import { require } from "./check-result.ts";
import type { Conversation } from "./conversation.ts";

/** The checks that need nothing but the VTN's URL. Each stands for a rule of the profile, in our words. */

const REPORT_SPECIFIER = "CONFORMANCE-USAGE";
const R_ID = "CONFORMANCE-R1";

function registerReport({ venId, conversation }: Registered): OadrMessage & { readonly type: "oadrRegisterReport" } {
  const description = {
    rID: R_ID,
    reportType: "usage",
    readingType: "Direct Read",
    oadrSamplingRate: { oadrMinPeriod: "PT1M", oadrMaxPeriod: "PT15M", oadrOnChange: false },
  } as const;
  const report = {
    duration: "PT1H",
    oadrReportDescription: [description],
    reportRequestID: "0",
    reportSpecifierID: REPORT_SPECIFIER,
    reportName: "METADATA_TELEMETRY_USAGE",
    createdDateTimeUnixMs: 1_800_000_000_000,
  } as const;
  return { type: "oadrRegisterReport", requestID: conversation.newId(), oadrReport: [report], venID: venId };
}

function updateReport({ venId, conversation }: Registered, reportRequestID: string): OadrMessage {
  const payload = { rID: R_ID, payload: { kind: "payloadFloat", value: 1.5 } } as const;
  const report = {
    dtstartUnixMs: 1_800_000_000_000,
    intervals: [{ dtstartUnixMs: 1_800_000_000_000, duration: "PT1M", oadrReportPayload: [payload] }],
    oadrReportDescription: [],
    reportRequestID,
    reportSpecifierID: REPORT_SPECIFIER,
    reportName: "TELEMETRY_USAGE",
    createdDateTimeUnixMs: 1_800_000_060_000,
  } as const;
  return { type: "oadrUpdateReport", requestID: conversation.newId(), oadrReport: [report], venID: venId };
}

function createOpt({ venId, conversation }: Registered, optID: string): OadrMessage {
  const period = { properties: { dtstartUnixMs: 1_900_000_000_000, duration: "PT1H" } };
  return {
    type: "oadrCreateOpt",
    optID,
    optType: "optOut",
    optReason: "x-schedule",
    venID: venId,
    vavailability: { available: [period] },
    createdDateTimeUnixMs: 1_800_000_000_000,
    requestID: conversation.newId(),
    eiTarget: targetOf({ venID: [venId] }),
  };
}

async function requireRefused(conversation: Conversation, service: ServiceName, message: OadrMessage, claim: string) {
  const answer = await conversation.post(service, conversation.seal(message));
  if (answer.status >= 400 && answer.status < 500) return;
  require(answer.status === 200, `${claim}, and was answered by HTTP ${answer.status}`);
  require(isRefusal(conversation.read(answer)), claim);
}

/** All checks, in the order they are run: later ones build on what earlier ones were given. */
export const CHECKS: readonly Check[] = [
  {
    id: "register-query",
    rule: "A query is answered by the VTN's profiles and transports, for the same request",
    async run({ conversation }) {
      const requestID = conversation.newId();
      const query = { type: "oadrQueryRegistration", requestID } as const;
      const answer = await conversation.expect("EiRegisterParty", query, "oadrCreatedPartyRegistration");
      require(codeOf(answer) === "200", "a query was refused");
      require(answer.eiResponse.requestID === requestID, "the requestID of a query did not come back");
      require(answer.vtnID !== "", "the vtnID is empty");
      const profile = answer.oadrProfiles.find(({ oadrProfileName }) => oadrProfileName === "2.0b");
      require(profile !== undefined, "profile 2.0b is not offered");
      const isHttp = profile.oadrTransports.some(({ oadrTransportName }) => oadrTransportName === "simpleHttp");
      require(isHttp, "simple HTTP is not offered");
    },
  },
  {
    id: "register-identity",
    rule: "A registration gives a venID, a registrationID and a poll frequency, from the VTN of the query",
    async run(registered) {
      const { answer, requestId } = registered;
      require(answer.eiResponse.requestID === requestId, "the requestID of a registration did not come back");
      require(answer.oadrRequestedOadrPollFreq !== undefined, "no poll frequency was given");
      require(registered.registrationId !== "" && registered.venId !== "", "an identifier is empty");
      const query = { type: "oadrQueryRegistration", requestID: registered.conversation.newId() } as const;
      const { vtnID } = await registered.conversation.expect("EiRegisterParty", query, "oadrCreatedPartyRegistration");
      require(vtnID === answer.vtnID, "the vtnID changes");
    },
  },
  {
    id: "register-again",
    rule: "A VEN that registers again keeps its venID",
    async run(registered) {
      const again = await registered.register({ venID: registered.venId, registrationID: registered.registrationId });
      require(codeOf(again) === "200", "a second registration was refused");
      require(again.venID === registered.venId, "the venID changed");
      require(again.registrationID !== undefined, "no registrationID was given");
      registered.registrationId = again.registrationID;
    },
  },
  {
    id: "register-stranger",
    rule: "A registration under a venID that was never given is refused",
    async run(registered) {
      const answer = await registered.register({ venID: "CONFORMANCE-NOBODY", registrationID: "CONFORMANCE-NONE" });
      require(isRefusal(answer), "a made-up venID was accepted");
    },
  },
  {
    id: "poll-empty",
    rule: "A poll without news is answered by oadrResponse 200, in the end",
    async run({ conversation, venId }) {
      for (let count = 0; count < 32; count += 1) {
        const answer = await conversation.exchange("OadrPoll", { type: "oadrPoll", venID: venId });
        require(answer !== undefined, "a poll was answered by nothing");
        if (answer.type !== "oadrResponse") continue;
        require(codeOf(answer) === "200", "a poll was refused");
        return require(answer.venID === undefined || answer.venID === venId, "a poll was answered to another venID");
      }
      require(false, "the VTN has news without end");
    },
  },
  {
    id: "poll-stranger",
    rule: "A poll of an unknown venID is refused or asks for a registration",
    async run({ conversation }) {
      const answer = await conversation.post(
        "OadrPoll",
        conversation.seal({ type: "oadrPoll", venID: "CONFORMANCE-NOBODY" }),
      );
      if (answer.status >= 400 && answer.status < 500) return;
      const message = conversation.read(answer);
      require(message.type === "oadrRequestReregistration" || isRefusal(message), "a made-up venID may poll");
    },
  },
  {
    id: "event-request",
    rule: "A request for events is answered by a list from the registered VTN",
    async run({ conversation, venId, answer: registration }) {
      const request = { type: "oadrRequestEvent", requestID: conversation.newId(), venID: venId } as const;
      const list = await conversation.expect("EiEvent", request, "oadrDistributeEvent");
      require(list.vtnID === registration.vtnID, "the list is from another vtnID");
      require(list.requestID !== "", "the list has no requestID");
      require(codeOf(list) === "200", "a request for events was refused");
      require(list.eiResponse?.requestID ===
        request.requestID, "the requestID of a request for events did not come back");
    },
  },
  {
    id: "event-answer-unknown",
    rule: "An answer to an event that was never sent is refused by oadrResponse",
    async run({ conversation, venId }) {
      const eiResponse = { responseCode: "200", requestID: conversation.newId() };
      const qualifiedEventID = { eventID: "CONFORMANCE-NONE", modificationNumber: 0 };
      const answer = { ...eiResponse, qualifiedEventID, optType: "optIn" } as const;
      const created = { type: "oadrCreatedEvent", eiResponse, eventResponses: [answer], venID: venId } as const;
      const response = await conversation.expect("EiEvent", created, "oadrResponse");
      require(isRefusal(response), "an answer to a made-up event was accepted");
    },
  },
  {
    id: "report-register",
    rule: "Reports on offer are registered, and only what is on offer is asked for",
    async run(registered) {
      const { conversation, venId } = registered;
      const offer = registerReport(registered);
      const answer = await conversation.expect("EiReport", offer, "oadrRegisteredReport");
      require(codeOf(answer) === "200", "an offer was refused");
      require(answer.eiResponse.requestID === offer.requestID, "the requestID of an offer did not come back");
      require(answer.venID === undefined || answer.venID === venId, "an offer was answered to another venID");
      for (const { reportRequestID, reportSpecifier } of answer.oadrReportRequest) {
        require(reportRequestID !== "" && reportRequestID !== "0", "a request has no reportRequestID of its own");
        require(reportSpecifier.reportSpecifierID === REPORT_SPECIFIER, "a report was asked for that is not on offer");
        require(reportSpecifier.specifierPayload.every(
          ({ rID }) => rID === R_ID,
        ), "a data point was asked for that is not on offer");
      }
      registered.reportRequestIds = answer.oadrReportRequest.map(({ reportRequestID }) => reportRequestID);
    },
  },
  {
    id: "report-created",
    rule: "The confirmation of report requests is answered by oadrResponse 200",
    async run({ conversation, venId, reportRequestIds }) {
      const eiResponse = { responseCode: "200", requestID: conversation.newId() };
      const created = {
        type: "oadrCreatedReport",
        eiResponse,
        oadrPendingReports: reportRequestIds,
        venID: venId,
      } as const;
      const response = await conversation.expect("EiReport", created, "oadrResponse");
      require(codeOf(response) === "200", "a confirmation was refused");
    },
  },
  {
    id: "report-update",
    rule: "A report that was asked for is taken",
    async run(registered) {
      for (const reportRequestId of registered.reportRequestIds) {
        const update = updateReport(registered, reportRequestId);
        const answer = await registered.conversation.expect("EiReport", update, "oadrUpdatedReport");
        require(codeOf(answer) === "200", "a report that was asked for was refused");
        const { requestID } = update as { requestID: string };
        require(answer.eiResponse.requestID === requestID, "the requestID of a report did not come back");
      }
    },
  },
  {
    id: "report-update-unknown",
    rule: "A report that nobody asked for is refused",
    run: (registered) =>
      requireRefused(
        registered.conversation,
        "EiReport",
        updateReport(registered, "CONFORMANCE-NONE"),
        "a report that nobody asked for was accepted",
      ),
  },
  {
    id: "opt-create",
    rule: "An opt schedule is created and cancelled under its optID",
    async run(registered) {
      const { conversation, venId } = registered;
      const optID = conversation.newId();
      const created = await conversation.expect("EiOpt", createOpt(registered, optID), "oadrCreatedOpt");
      require(codeOf(created) === "200" && created.optID === optID, "an opt was not created under its optID");
      const cancel = { type: "oadrCancelOpt", requestID: conversation.newId(), optID, venID: venId } as const;
      const canceled = await conversation.expect("EiOpt", cancel, "oadrCanceledOpt");
      require(codeOf(canceled) === "200", "an opt was not cancelled");
      require(canceled.optID === undefined || canceled.optID === optID, "another opt was cancelled");
      require(canceled.eiResponse.requestID === cancel.requestID, "the requestID of a cancellation did not come back");
    },
  },
  {
    id: "opt-cancel-unknown",
    rule: "An opt that does not exist cannot be cancelled",
    run: ({ conversation, venId }) =>
      requireRefused(
        conversation,
        "EiOpt",
        { type: "oadrCancelOpt", requestID: conversation.newId(), optID: "CONFORMANCE-NONE", venID: venId },
        "an opt that does not exist was cancelled",
      ),
  },
  {
    id: "service-mismatch",
    rule: "A message at another service's address is refused",
    run: ({ conversation, venId }) =>
      requireRefused(conversation, "EiOpt", { type: "oadrPoll", venID: venId }, "a poll was taken by EiOpt"),
  },
  {
    id: "response-closes",
    rule: "oadrResponse ends an exchange and gets no message in return",
    async run({ conversation, venId }) {
      const eiResponse = { responseCode: "200", requestID: "" };
      const answer = await conversation.exchange("EiRegisterParty", { type: "oadrResponse", eiResponse, venID: venId });
      require(answer === undefined, "an oadrResponse was answered by a message");
    },
  },
  ...spoiltDocuments(),
  {
    id: "cancel-foreign",
    rule: "A registration cannot be cancelled by another registrationID",
    run: ({ conversation, venId }) =>
      requireRefused(
        conversation,
        "EiRegisterParty",
        {
          type: "oadrCancelPartyRegistration",
          requestID: conversation.newId(),
          registrationID: "CONFORMANCE-NONE",
          venID: venId,
        },
        "a registration was cancelled by a made-up registrationID",
      ),
  },
  {
    id: "cancel",
    rule: "A cancelled registration is confirmed, and over",
    async run({ conversation, venId, registrationId }) {
      const requestID = conversation.newId();
      const cancel = {
        type: "oadrCancelPartyRegistration",
        requestID,
        registrationID: registrationId,
        venID: venId,
      } as const;
      const canceled = await conversation.expect("EiRegisterParty", cancel, "oadrCanceledPartyRegistration");
      require(codeOf(canceled) === "200", "a registration was not cancelled");
      require(canceled.eiResponse.requestID === requestID, "the requestID of a cancellation did not come back");
      const isSame = canceled.registrationID === undefined || canceled.registrationID === registrationId;
      require(isSame, "another registration was cancelled");
      const answer = await conversation.exchange("OadrPoll", { type: "oadrPoll", venID: venId });
      const isOver = answer !== undefined && (answer.type === "oadrRequestReregistration" || isRefusal(answer));
      require(isOver, "a cancelled VEN may still poll");
    },
  },
];

/** Documents that are not messages: each gets a 4xx, or at least no success, and never a 5xx. */
function spoiltDocuments(): readonly Check[] {
  const spoil = (
    id: string,
    rule: string,
    change: (document: string) => string | Uint8Array,
    contentType?: string,
  ): Check => ({
    id,
    rule,
    async run({ conversation, venId }) {
      const document = conversation.seal({ type: "oadrPoll", venID: venId });
      const answer = await conversation.post("OadrPoll", change(document), contentType);
      require(answer.status < 500, `HTTP ${answer.status}`);
      if (answer.status >= 400) return;
      require(answer.body.byteLength > 0 && isRefusal(conversation.read(answer)), "it was accepted");
    },
  });
  return [
    spoil("xml-malformed", "XML that is not well-formed is refused", (document) => document.slice(0, -5)),
    spoil("xml-doctype", "A document type is refused", (document) => document.replace("?>", "?><!DOCTYPE a>")),
    spoil("xml-entities", "Entity declarations are refused", (document) =>
      document.replace("?>", '?><!DOCTYPE a [<!ENTITY x "y">]>').replace("</ei:venID>", "&x;</ei:venID>"),
    ),
    spoil("xml-utf16", "Anything but UTF-8 is refused", (document) => Buffer.from(`\ufeff${document}`, "utf16le")),
    spoil("xml-deep", "Deep nesting is refused", () => "<a>".repeat(50_000)),
    spoil("xml-empty", "An empty body is refused", () => ""),
    spoil("xml-unknown", "A message that the profile does not have is refused", (document) =>
      document.replaceAll("oadrPoll", "oadrFly"),
    ),
    spoil("xml-surplus", "An element that the schema does not have is refused", (document) =>
      document.replace("</oadr:oadrPoll>", "<ei:optID>x</ei:optID></oadr:oadrPoll>"),
    ),
    spoil(
      "media-type",
      "A body that is not XML by its own word is refused",
      (document) => document,
      "application/json",
    ),
  ];
}
