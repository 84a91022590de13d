import {
  type MessageOf,
  type MessageType,
  type OadrMessage,
  okResponse,
  RESPONSE_CODES,
  type ResponseCode,
  type ServiceName,
} from "../wire20b/index.ts";
import { answerCreatedEvent, answerEventRequest, takeEventNews } from "./event-service.ts";
import { answerCancelOpt, answerCreateOpt } from "./opt-service.ts";
import { settle, takeDue } from "./outbox.ts";
import type { VenRecord } from "./records.ts";
import { answerCancellation, answerQuery, answerRegistration, endRegistration } from "./registration-service.ts";
import {
  answerCanceledReport,
  answerCreatedReport,
  answerRegisterReport,
  answerUpdateReport,
  plainAnswer,
} from "./report-service.ts";
import {
  answerCancelReport,
  answerCreateReport,
  answerRegisteredReport,
  answerUpdatedReport,
  enqueueDueReports,
} from "./sent-report-service.ts";
import type { VtnContext } from "./vtn-context.ts";

/** Nothing to say: the HTTP answer is empty. */
type Answer = OadrMessage | undefined;
type Answerer<K extends MessageType> = (context: VtnContext, message: MessageOf<K>, ven: VenRecord) => Answer;

/** What a registered VEN may send, where, and who answers. */
const ANSWERERS: { readonly [K in MessageType]?: { readonly service: ServiceName; readonly answer: Answerer<K> } } = {
  oadrCancelPartyRegistration: { service: "EiRegisterParty", answer: answerCancellation },
  oadrCanceledPartyRegistration: { service: "EiRegisterParty", answer: answerCanceledRegistration },
  oadrRequestEvent: { service: "EiEvent", answer: answerEventRequest },
  oadrCreatedEvent: { service: "EiEvent", answer: answerCreatedEvent },
  oadrRegisterReport: { service: "EiReport", answer: answerRegisterReport },
  oadrRegisteredReport: { service: "EiReport", answer: answerRegisteredReport },
  oadrUpdateReport: { service: "EiReport", answer: answerUpdateReport },
  oadrCreatedReport: { service: "EiReport", answer: answerCreatedReport },
  oadrCanceledReport: { service: "EiReport", answer: answerCanceledReport },
  oadrCreateReport: { service: "EiReport", answer: answerCreateReport },
  oadrCancelReport: { service: "EiReport", answer: answerCancelReport },
  oadrUpdatedReport: { service: "EiReport", answer: answerUpdatedReport },
  oadrCreateOpt: { service: "EiOpt", answer: answerCreateOpt },
  oadrCancelOpt: { service: "EiOpt", answer: answerCancelOpt },
  oadrPoll: { service: "OadrPoll", answer: (context, _poll, ven) => nextForVen(context, ven) },
};

/** Answers a message of a peer whose identity holds. Changes state only through the context. */
export function dispatch(context: VtnContext, service: ServiceName, message: OadrMessage): Answer {
  if (message.type === "oadrResponse") return closeExchange(context, message);
  if (isRegistration(message)) {
    if (service !== "EiRegisterParty") return refuse(message, RESPONSE_CODES.complianceError, "wrong service");
    return message.type === "oadrQueryRegistration"
      ? answerQuery(context, message)
      : answerRegistration(context, message);
  }
  const entry = ANSWERERS[message.type];
  if (entry?.service !== service) return refuse(message, RESPONSE_CODES.complianceError, "message of another service");
  const ven = findVen(context, message);
  if (ven?.registrationId === undefined) return answerStranger(message);
  return (entry.answer as Answerer<MessageType>)(context, message as never, ven);
}

/** What the VTN has to say to a VEN now: events first, then other messages, else that all is well. */
export function nextForVen(context: VtnContext, ven: VenRecord): OadrMessage {
  enqueueDueReports(context, ven.venId);
  return (
    takeEventNews(context, ven.venId) ?? takeDue(context.state, ven.venId, context.nowUnixMs) ?? plainAnswer("", ven)
  );
}

function isRegistration(
  message: OadrMessage,
): message is MessageOf<"oadrQueryRegistration"> | MessageOf<"oadrCreatePartyRegistration"> {
  return message.type === "oadrQueryRegistration" || message.type === "oadrCreatePartyRegistration";
}

/** Finds the sender by its venID, or by its certificate where the schema lets a message go without one. */
function findVen(context: VtnContext, message: OadrMessage): VenRecord | undefined {
  const stated = "venID" in message ? message.venID : undefined;
  if (stated !== undefined && stated !== "") return context.state.vens.get(stated);
  const { fingerprint } = context.peer;
  const venId = fingerprint === undefined ? undefined : context.state.enrolments.get(fingerprint)?.venId;
  return venId === undefined ? undefined : context.state.vens.get(venId);
}

/** A poll is answered by the request to register; any other message by the code for a party that is not registered. */
function answerStranger(message: OadrMessage): OadrMessage {
  if (message.type === "oadrPoll") return { type: "oadrRequestReregistration", venID: message.venID };
  return refuse(message, RESPONSE_CODES.notRegistered, "not registered");
}

/** `oadrResponse` ends an exchange: nothing may be answered to it, or two parties would thank each other for ever. */
function closeExchange(context: VtnContext, response: MessageOf<"oadrResponse">): undefined {
  const ven = findVen(context, response);
  if (ven !== undefined) settle(context.state, ven.venId, "oadrResponse");
}

function answerCanceledRegistration(
  context: VtnContext,
  canceled: MessageOf<"oadrCanceledPartyRegistration">,
  ven: VenRecord,
): OadrMessage {
  const settled = settle(context.state, ven.venId, canceled.type);
  if (settled !== undefined && canceled.eiResponse.responseCode === RESPONSE_CODES.ok) endRegistration(context, ven);
  return plainAnswer(canceled.eiResponse.requestID, ven);
}

/** An application error: HTTP succeeds, and the code tells [OADR2.0b]. */
function refuse(message: OadrMessage, responseCode: ResponseCode, responseDescription: string): OadrMessage {
  const requestID = "requestID" in message ? message.requestID : "";
  const venId = "venID" in message && message.venID !== undefined ? { venID: message.venID } : {};
  return {
    type: "oadrResponse",
    eiResponse: { ...okResponse(requestID), responseCode, responseDescription },
    ...venId,
  };
}
