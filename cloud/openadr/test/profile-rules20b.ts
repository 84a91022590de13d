import { type RuleChapter, rule } from "./profile-rule.ts";

const registration = "test/registration.test.ts";
const events = "test/events.test.ts";
const eventTimeline = "test/event-timeline.test.ts";
const reports = "test/reports.test.ts";
const vtnReports = "test/vtn-reports.test.ts";
const opts = "test/opts.test.ts";
const push = "test/push.test.ts";
const network = "test/network.test.ts";
const signature = "test/signature.test.ts";
const identity = "test/identity.test.ts";
const wire = "test/wire20b.test.ts";
const xml = "src/xml/parse-xml.test.ts";

/** The rules of 2.0b. */
export const RULE_CHAPTERS_20B: readonly RuleChapter[] = [
  {
    title: "2.0b: messages and transport",
    rules: [
      rule("Every message that is sent is valid by the schema", wire, "writes schema-valid XML for every message"),
      rule("Every message of the profile is read in both directions", wire, "reads back its own %s"),
      rule(
        "What a peer sends keeps its meaning",
        wire,
        "reads all that another implementation sent, and writes it back unchanged in meaning",
      ),
      rule(
        "A message is UTF-8; a document type is refused before it is parsed",
        xml,
        "refuses anything but UTF-8",
        "resolves namespaces, entities, CDATA and comments",
      ),
      rule(
        "Size, depth and number of elements are bounded",
        xml,
        "accepts a document at each limit and refuses it one beyond",
        "survives nesting far beyond the limit",
      ),
      rule(
        "An application error is HTTP 200 with a response code; HTTP errors mean that the request was not understood",
        network,
        "answers what it understands with 200 and XML",
        "refuses other media types, methods and paths",
      ),
      rule("oadrResponse ends an exchange", network, "answers a closing message with nothing"),
      rule(
        "A push VEN is called instead of polling, and its reply is its answer",
        push,
        "takes events, report requests and cancellations to the VEN, and its answers back",
      ),
      rule("What could not be pushed stays due", push, "keeps what could not be delivered"),
      rule("A VEN is pushed to by its VTN alone", push, "is taken from the VTN and from nobody else"),
      rule(
        "What a VTN has no business to send is answered by a response code",
        push,
        "answers what a VTN has no business to send by a response code",
      ),
    ],
  },
  {
    title: "2.0b: security",
    rules: [
      rule(
        "A party without a certificate of the authority gets no connection",
        network,
        "a certificate of another authority gets no connection",
      ),
      rule(
        "A certificate that is not enrolled gets no registration",
        network,
        "a certificate that is not enrolled gets no registration",
      ),
      rule(
        "venID, TLS certificate and signing certificate belong together on every message",
        network,
        "one party cannot speak for another, by venID or by signature",
        "refuses a signature made by one party and sent by another",
      ),
      rule("A certificate stands for one venID", identity, "a certificate stands for one venID only"),
      rule(
        "Unsigned is only the query of a party without a venID",
        network,
        "an unsigned message is refused, but for the query of a party that has no venID yet",
      ),
      rule(
        "Signatures cover the signed object and ReplayProtect, and nothing else",
        signature,
        "refuses a signature that does not cover replay protection",
        "refuses an unsigned message",
      ),
      rule("Only signed bytes are read", signature, "never reads a message that was wrapped around a signed one"),
      rule(
        "RSA and ECDSA with SHA-256, and no weaker ones",
        signature,
        "verifies every message signed with %s and returns it unchanged",
        "refuses short RSA keys",
        "refuses an HMAC made with the certificate that everybody can read",
      ),
      rule("A change of any signed byte is noticed", signature, "refuses a message when %s was changed"),
      rule(
        "A nonce is accepted once, within the replay window",
        signature,
        "accepts a nonce once, also after a change outside the signed bytes",
        "accepts a message up to the edge of the replay window and none beyond",
      ),
    ],
  },
  {
    title: "2.0b: EiRegisterParty",
    rules: [
      rule(
        "Registration gives the identifiers; reports are offered next",
        registration,
        "gives a VEN its identifiers, takes its reports and asks for telemetry",
      ),
      rule(
        "Re-registration keeps the venID",
        registration,
        "keeps the venID when the VEN starts again, also with another registration",
      ),
      rule(
        "Identifiers that were never given are refused",
        registration,
        "is refused with an unknown venID or a wrong registrationID",
      ),
      rule(
        "A profile or transport that is not served is refused",
        registration,
        "of profile 2.0a or over XMPP is refused",
      ),
      rule(
        "Either side may cancel; the VTN may ask for re-registration",
        registration,
        "is cancelled by the VTN, and asked for anew",
      ),
      rule("Nothing else is answered before registration", registration, "is needed for everything else"),
      rule(
        "A venID that was agreed on may be sent events before its VEN registers",
        registration,
        "is not needed to be sent events later, where the venID was agreed on",
      ),
      rule("A VEN whose venID is unknown registers anew", vtnReports, "gets a new venID instead of being locked out"),
    ],
  },
  {
    title: "2.0b: EiEvent",
    rules: [
      rule(
        "A change raises the modification number and asks for a new answer; a cancellation is told",
        events,
        "are sent, answered, changed, answered again and cancelled",
      ),
      rule(
        "The status follows from the time: far, near, active, completed",
        events,
        "go through far, near, active and completed by the clock alone",
      ),
      rule(
        "Events are listed active first, then by priority, then by start",
        events,
        "come in the order active, priority, start",
      ),
      rule(
        "An event is sent until it is answered",
        events,
        "are sent again when the answer to a poll was lost, and never twice to no purpose",
      ),
      rule("An event that needs no response gets none", events, "that need no answer get none"),
      rule(
        "An event cancelled before it was sent is never sent",
        events,
        "cancelled before the VEN heard of them stay unknown to it",
      ),
      rule(
        "A start with a tolerance is randomised once",
        events,
        "start at a random moment of the tolerance that stays the same",
      ),
      rule(
        "An event missing from the list is cancelled without a word",
        events,
        "that vanish from the list are cancelled without a word",
      ),
      rule(
        "Unknown signals, foreign targets and old modification numbers are answered by their codes",
        events,
        "%s are refused by the VEN",
      ),
      rule(
        "An answer to another modification, or to an event never sent, changes nothing",
        events,
        "are not changed by wrong answers",
      ),
      rule("Durations of intervals add up to the event's; SIMPLE has the levels 0 to 3", events, "are refused with %s"),
      rule(
        "A person may answer later, and an old decision does not count for a changed event",
        events,
        "are answered by hand when nobody decides at once",
        "that the VTN has changed meanwhile are not answered by an old decision",
      ),
      rule("Events survive a restart of the VTN", events, "survive a restart of the VTN"),
      rule(
        "The intervals of a signal follow each other, and all signals hold at once",
        eventTimeline,
        "are told one after the other, with every signal, and then that it is over",
        "follow a change of the event",
      ),
      rule(
        "An event of no duration lasts until it is cancelled",
        eventTimeline,
        "without an end last until the event is cancelled",
      ),
      rule(
        "A running event with a tolerance ends at random when it is cancelled",
        eventTimeline,
        "end at random within the tolerance when the running event is cancelled, and at once before it runs",
      ),
      rule(
        "A baseline goes with the event",
        events,
        "carry the baseline that the operator states, also after a change of something else",
      ),
    ],
  },
  {
    title: "2.0b: EiReport",
    rules: [
      rule(
        "Telemetry is sent at the wanted pace, each sample once",
        reports,
        "of telemetry are sent when their time has come, with every sample once",
      ),
      rule("A history is sent once, for its period", reports, "of a history are sent once, at once"),
      rule(
        "A cancelled report ends, after a last one if that is wanted",
        reports,
        "stop when they are cancelled, after a last one if that is wanted",
      ),
      rule("Reports that are not on offer are refused", reports, "that nobody offers are refused on both sides"),
      rule(
        "A report may come before its request was confirmed",
        reports,
        "are taken before their request was confirmed",
      ),
      rule(
        "The VTN offers its reports to each VEN that registers",
        vtnReports,
        "are offered to each VEN that registers, and asked for only if it wants them",
      ),
      rule(
        "The VTN's reports come by the poll, each sample once",
        vtnReports,
        "come by the poll when their time has come, with every sample once",
      ),
      rule(
        "A VEN asks for and cancels the VTN's reports",
        vtnReports,
        "are asked for later too, a history at once, and end when they are cancelled",
        "end with a last one when the VEN wants that",
      ),
      rule(
        "A report on change is sent when there is something new, and never by the clock",
        reports,
        "are sent when there is something new, with what was asked for, and never by the clock",
        "end without a last one when they are cancelled, and then nobody wants them",
      ),
      rule(
        "Reports end on both sides with the registration",
        vtnReports,
        "are forgotten on both sides with the registration",
      ),
      rule(
        "A report on change that the VTN refuses is an error, as is one that goes by the clock",
        reports,
        "are an error when the VTN refuses them, and for a report that goes by the clock",
      ),
      rule(
        "The VTN's reports that are not on offer are refused",
        vtnReports,
        "that are not on offer are refused on both sides",
      ),
    ],
  },
  {
    title: "2.0b: EiOpt",
    rules: [
      rule("A schedule is created and cancelled under its optID", opts, "are created and cancelled"),
      rule("An opt about an event changes its answer", opts, "about an event change its answer"),
      rule(
        "A schedule decides on later events until it is cancelled",
        opts,
        "decide on the events that come later, until they are cancelled",
      ),
      rule(
        "Of several schedules the one made last decides, for its own market",
        opts,
        "of the same time: the one made last decides, for its own market only",
      ),
      rule(
        "A schedule of no duration has no end",
        opts,
        "without an end reach every later event, and none that ends before they begin",
      ),
      rule(
        "A schedule for parts of a VEN decides on events for those parts alone",
        opts,
        "of a part of a VEN decide on events for that part alone",
        "for one resource leave the VEN's other events alone",
      ),
    ],
  },
];
