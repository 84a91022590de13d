import type { RawAnswer } from "../src/conformance20b/index.ts";
import { NAMESPACES } from "../src/wire20b/index.ts";
import { XML_DECLARATION } from "../src/wire20b/payload.ts";

/** One way for a VTN to be wrong. */
export interface Fault {
  readonly name: string;
  /** Which requests it shows on: those whose document has this word in it. */
  readonly on: string;
  readonly change: (answer: RawAnswer) => RawAnswer;
}

/** A plain acceptance, declaring the one namespace that not every answer declares. */
const ACCEPTED =
  '<oadr:oadrResponse ei:schemaVersion="2.0b"><ei:eiResponse><ei:responseCode>200</ei:responseCode>' +
  `<pyld:requestID xmlns:pyld="${NAMESPACES.pyld}"></pyld:requestID></ei:eiResponse></oadr:oadrResponse>`;

const toText = ({ body }: RawAnswer) => new TextDecoder().decode(body);
const toBody = (text: string) => new TextEncoder().encode(text);

function text(name: string, on: string, from: string | RegExp, to: string): Fault {
  return { name, on, change: (answer) => ({ ...answer, body: toBody(toText(answer).replace(from, to)) }) };
}

const REQUEST_ID = /<pyld:requestID>[^<]*</;
const CODE = /<ei:responseCode>\d+</;
const ok = "<ei:responseCode>200<";
const OTHER = "<pyld:requestID>OTHER<";

/** Every answer that is not the expected message but a plain acceptance. */
function acceptance(name: string, on: string): Fault {
  const response =
    `<oadr:oadrPayload xmlns:oadr="${NAMESPACES.oadr}" xmlns:ei="${NAMESPACES.ei}" xmlns:pyld="${NAMESPACES.pyld}">` +
    `<oadr:oadrSignedObject>${ACCEPTED}</oadr:oadrSignedObject></oadr:oadrPayload>`;
  return { name, on, change: () => ({ status: 200, contentType: "application/xml", body: toBody(response) }) };
}

export const FAULTS: readonly Fault[] = [
  text("forgets the requestID of a query", "oadrQueryRegistration", REQUEST_ID, OTHER),
  text("refuses a query", "oadrQueryRegistration", CODE, "<ei:responseCode>500<"),
  text(
    "offers no profile 2.0b",
    "oadrQueryRegistration",
    ">2.0b</oadr:oadrProfileName>",
    ">2.0a</oadr:oadrProfileName>",
  ),
  text("offers XMPP only", "oadrQueryRegistration", "simpleHttp", "xmpp"),
  text("has an empty vtnID", "oadrQueryRegistration", /<ei:vtnID>[^<]*</, "<ei:vtnID><"),
  text("changes its vtnID", "oadrQueryRegistration", /<ei:vtnID>[^<]*</, "<ei:vtnID>OTHER<"),
  text("gives no venID", "oadrCreatePartyRegistration", /<ei:venID>[^<]*<\/ei:venID>/, ""),
  text("gives no registrationID", "oadrCreatePartyRegistration", /<ei:registrationID>[^<]*<\/ei:registrationID>/, ""),
  text(
    "gives no poll frequency",
    "oadrCreatePartyRegistration",
    /<oadr:oadrRequestedOadrPollFreq>.*<\/oadr:oadrRequestedOadrPollFreq>/,
    "",
  ),
  text("forgets the requestID of a registration", "oadrCreatePartyRegistration", REQUEST_ID, OTHER),
  text("gives another venID the second time", "<ei:registrationID>REG", /<ei:venID>[^<]*</, "<ei:venID>VEN-OTHER<"),
  text("refuses a second registration", "<ei:registrationID>REG", CODE, "<ei:responseCode>452<"),
  text("takes a made-up venID for a registration", "CONFORMANCE-NOBODY", CODE, ok),
  text(
    "never has enough of news",
    "oadrPoll ",
    /<oadr:oadrResponse .*<\/oadr:oadrResponse>/,
    '<oadr:oadrRequestReregistration ei:schemaVersion="2.0b"><ei:venID>V</ei:venID></oadr:oadrRequestReregistration>',
  ),
  text("refuses polls", "oadrPoll ", CODE, "<ei:responseCode>500<"),
  text("answers polls to somebody else", "oadrPoll ", /<ei:venID>VEN-[^<]*</, "<ei:venID>OTHER<"),
  acceptance("lets anybody poll", '<oadr:oadrPoll ei:schemaVersion="2.0b"><ei:venID>CONFORMANCE-NOBODY'),
  acceptance("answers a request for events without a list", "oadrRequestEvent"),
  text("sends events of another VTN", "oadrRequestEvent", /<ei:vtnID>[^<]*</, "<ei:vtnID>OTHER<"),
  text(
    "sends events without a requestID",
    "oadrRequestEvent",
    /(<\/ei:eiResponse>)<pyld:requestID>[^<]*</,
    "$1<pyld:requestID><",
  ),
  text("refuses a request for events", "oadrRequestEvent", CODE, "<ei:responseCode>500<"),
  text("forgets the requestID of a request for events", "oadrRequestEvent", REQUEST_ID, OTHER),
  acceptance("takes answers to events it never sent", "oadrCreatedEvent"),
  acceptance("does not register reports", "oadrRegisterReport"),
  text("refuses reports on offer", "oadrRegisterReport", CODE, "<ei:responseCode>461<"),
  text("forgets the requestID of an offer", "oadrRegisterReport", REQUEST_ID, OTHER),
  text("answers an offer to somebody else", "oadrRegisterReport", /<ei:venID>[^<]*</, "<ei:venID>OTHER<"),
  text("asks for a report that is not on offer", "oadrRegisterReport", />CONFORMANCE-USAGE</, ">OTHER<"),
  text("asks for a data point that is not on offer", "oadrRegisterReport", />CONFORMANCE-R1</, ">OTHER<"),
  text(
    "asks for a report under the number 0",
    "oadrRegisterReport",
    /<ei:reportRequestID>[^<]*</,
    "<ei:reportRequestID>0<",
  ),
  text("refuses confirmed requests", "oadrCreatedReport", CODE, "<ei:responseCode>500<"),
  text("refuses reports it asked for", "oadrUpdateReport", CODE, "<ei:responseCode>452<"),
  text("takes reports nobody asked for", "oadrUpdateReport", CODE, ok),
  text("forgets the requestID of a report", "oadrUpdateReport", REQUEST_ID, OTHER),
  text("refuses opts", "oadrCreateOpt", CODE, "<ei:responseCode>500<"),
  text("creates another opt", "oadrCreateOpt", /<ei:optID>[^<]*</, "<ei:optID>OTHER<"),
  text("refuses to cancel opts", "oadrCancelOpt", CODE, "<ei:responseCode>452<"),
  text("cancels opts that do not exist", "oadrCancelOpt", CODE, ok),
  text("cancels another opt", "oadrCancelOpt", /<ei:optID>[^<]*</, "<ei:optID>OTHER<"),
  text("forgets the requestID of a cancelled opt", "oadrCancelOpt", REQUEST_ID, OTHER),
  acceptance("answers oadrResponse by a message", "<oadr:oadrResponse "),
  acceptance(
    "takes a message of another service",
    `@EiOpt ${XML_DECLARATION}<oadr:oadrPayload xmlns:oadr="${NAMESPACES.oadr}"><oadr:oadrSignedObject ` +
      `xmlns:ei="${NAMESPACES.ei}" xmlns:oadr="${NAMESPACES.oadr}" oadr:Id="oadrSignedObject"><oadr:oadrPoll`,
  ),
  acceptance("takes a document type", "<!DOCTYPE a>"),
  acceptance("takes entities", "<!ENTITY"),
  acceptance("takes unknown messages", "oadrFly"),
  acceptance("takes surplus elements", "<ei:optID>x</ei:optID></oadr:oadrPoll>"),
  { name: "breaks down over deep nesting", on: "<a><a>", change: (answer) => ({ ...answer, status: 500 }) },
  { name: "answers with HTML", on: "oadr", change: (answer) => ({ ...answer, contentType: "text/html" }) },
  {
    name: "answers with a document type",
    on: "oadrRequestEvent",
    change: (answer) => ({ ...answer, body: toBody(`<!DOCTYPE a>${toText(answer)}`) }),
  },
  {
    name: "answers with UTF-16",
    on: "oadrRequestEvent",
    change: (answer) => ({ ...answer, body: Buffer.from(toText(answer), "utf16le") }),
  },
  text("answers without a version", "oadrRequestEvent", ' ei:schemaVersion="2.0b"', ""),
  text("answers with profile 2.0a", "oadrRequestEvent", 'ei:schemaVersion="2.0b"', 'ei:schemaVersion="2.0a"'),
  text(
    "answers in another order than the schema's",
    "oadrCreateOpt",
    /(<ei:eiResponse>.*<\/ei:eiResponse>)(<ei:optID>.*<\/ei:optID>)/,
    "$2$1",
  ),
  { name: "answers by HTTP 500", on: "oadrCreateOpt", change: (answer) => ({ ...answer, status: 500 }) },
  { name: "answers by nothing", on: "oadrCancelOpt", change: (answer) => ({ ...answer, body: new Uint8Array() }) },
  text("cancels a registration by a made-up number", "CONFORMANCE-NONE</ei:registrationID>", CODE, ok),
  text("refuses to cancel a registration", "oadrCancelPartyRegistration", CODE, "<ei:responseCode>500<"),
  text(
    "cancels another registration",
    "oadrCancelPartyRegistration",
    /<ei:registrationID>[^<]*</,
    "<ei:registrationID>OTHER<",
  ),
  text("forgets the requestID of a cancelled registration", "oadrCancelPartyRegistration", REQUEST_ID, OTHER),
  text(
    "lets a cancelled VEN poll on",
    "oadrPoll ",
    /<oadr:oadrRequestReregistration .*<\/oadr:oadrRequestReregistration>/,
    ACCEPTED,
  ),
];

/** Which check has to notice which fault, so that none is noticed for a wrong reason. */
export const NOTICED_BY: Readonly<Record<string, string>> = {
  "forgets the requestID of a query": "register-query",
  "refuses a query": "register-query",
  "offers no profile 2.0b": "register-query",
  "offers XMPP only": "register-query",
  "has an empty vtnID": "register-query",
  "changes its vtnID": "register-identity",
  "gives no venID": "register",
  "gives no registrationID": "register",
  "gives no poll frequency": "register-identity",
  "forgets the requestID of a registration": "register-identity",
  "gives another venID the second time": "register-again",
  "refuses a second registration": "register-again",
  "takes a made-up venID for a registration": "register-stranger",
  "never has enough of news": "poll-empty",
  "refuses polls": "poll-empty",
  "answers polls to somebody else": "poll-empty",
  "lets anybody poll": "poll-stranger",
  "answers a request for events without a list": "event-request",
  "sends events of another VTN": "event-request",
  "sends events without a requestID": "event-request",
  "refuses a request for events": "event-request",
  "forgets the requestID of a request for events": "event-request",
  "takes answers to events it never sent": "event-answer-unknown",
  "does not register reports": "report-register",
  "refuses reports on offer": "report-register",
  "forgets the requestID of an offer": "report-register",
  "answers an offer to somebody else": "report-register",
  "asks for a report that is not on offer": "report-register",
  "asks for a data point that is not on offer": "report-register",
  "asks for a report under the number 0": "report-register",
  "refuses confirmed requests": "report-created",
  "refuses reports it asked for": "report-update",
  "takes reports nobody asked for": "report-update-unknown",
  "forgets the requestID of a report": "report-update",
  "refuses opts": "opt-create",
  "creates another opt": "opt-create",
  "refuses to cancel opts": "opt-create",
  "cancels opts that do not exist": "opt-cancel-unknown",
  "cancels another opt": "opt-create",
  "forgets the requestID of a cancelled opt": "opt-create",
  "answers oadrResponse by a message": "response-closes",
  "takes a message of another service": "service-mismatch",
  "takes a document type": "xml-doctype",
  "takes entities": "xml-entities",
  "takes unknown messages": "xml-unknown",
  "takes surplus elements": "xml-surplus",
  "breaks down over deep nesting": "xml-deep",
  "answers with HTML": "register",
  "answers with a document type": "event-request",
  "answers with UTF-16": "event-request",
  "answers without a version": "event-request",
  "answers with profile 2.0a": "event-request",
  "answers in another order than the schema's": "opt-create",
  "answers by HTTP 500": "opt-create",
  "answers by nothing": "opt-create",
  "cancels a registration by a made-up number": "cancel-foreign",
  "refuses to cancel a registration": "cancel",
  "cancels another registration": "cancel",
  "forgets the requestID of a cancelled registration": "cancel",
  "lets a cancelled VEN poll on": "cancel",
};
