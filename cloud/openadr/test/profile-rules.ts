/**
 * The rules this package holds itself to, each with the tests that hold it. `RULES.md` is written from this list, and
 * `profile-rules.test.ts` fails when a test named here is gone.
 */

export interface ProfileRule {
  /** The rule of the profile, in our words. */
  readonly rule: string;
  /** Names of tests as they stand in the source, by file. */
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

export interface RuleChapter {
  readonly title: string;
  readonly rules: readonly ProfileRule[];
}

const registration = "test/registration.test.ts";
const events = "test/events.test.ts";
const reports = "test/reports.test.ts";
const vtnReports = "test/vtn-reports.test.ts";
const opts = "test/opts.test.ts";
const push = "test/push.test.ts";
const network = "test/network.test.ts";
const signature = "test/signature.test.ts";
const identity = "test/identity.test.ts";
const wire = "test/wire20b.test.ts";
const xml = "src/xml/parse-xml.test.ts";
const oadr3 = "test/openadr3.test.ts";
const timeline = "src/oadr3/timeline.test.ts";
const ven3 = "test/ven3.test.ts";
const mqtt = "test/mqtt-topics.test.ts";
const notifications = "test/notifications.test.ts";

const rule = (text: string, file: string, ...names: readonly string[]): ProfileRule => ({
  rule: text,
  tests: { [file]: names },
});

export const RULE_CHAPTERS: readonly RuleChapter[] = [
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
    ],
  },
  {
    title: "3.1: objects",
    rules: [
      rule(
        "All kinds are made, read, searched, changed and deleted, every answer as specified",
        oadr3,
        "makes, shows, changes and deletes objects of every kind as the specification has them",
      ),
      rule("Requests that do not fit the specification are refused", oadr3, "refuses %s %j"),
      rule("A page has at most 50 objects", oadr3, "pages at most fifty objects, in the order they were made"),
      rule("Searches filter by the specified parameters", oadr3, "filters by what the specification names"),
      rule("P9999Y and 0001-01-01 are values", oadr3, "takes the sentinels for now and for ever as values"),
      rule("Conditional requests", oadr3, "answers conditional requests by ETag"),
    ],
  },
  {
    title: "3.1: access",
    rules: [
      rule(
        "Client credentials give a token; scopes are held",
        oadr3,
        "needs a token, with the scope, that has not expired",
        "gives tokens for client credentials only",
      ),
      rule(
        "Objects with targets are hidden from those not granted one, as if absent",
        oadr3,
        "hides objects with targets from all who were not granted one, and hides the other targets",
      ),
      rule(
        "A VEN cannot grant itself targets",
        oadr3,
        "shows a VEN its own objects only, and lets it not grant itself targets",
      ),
      rule(
        "Notifications tell nobody what it may not read",
        notifications,
        "tell each subscriber of what it may see, in order, with its token",
      ),
      rule(
        "Topics are read by whom they are for",
        mqtt,
        "may be read by whom they are for, and by no wildcard over them",
      ),
    ],
  },
  {
    title: "3.1: notifications",
    rules: [
      rule(
        "Webhooks carry the bearer token and are tried again",
        notifications,
        "are sent again after failures and given up in the end",
      ),
      rule(
        "A notification survives a crash after its change",
        notifications,
        "survive a crash between a change and its sending",
      ),
      rule(
        "READ is told to whom subscribed to it",
        notifications,
        "of reads go to whom asked for them, and cost nothing where nobody did",
      ),
      rule("A webhook does not lead into the VTN's network", notifications, "never go into the VTN's own network"),
      rule(
        "MQTT notifications are published on the topics that clients are told",
        mqtt,
        "names the topics it publishes on",
      ),
    ],
  },
  {
    title: "3.1: VEN",
    rules: [
      rule(
        "Intervals follow each other; their own periods override the event's",
        timeline,
        "puts intervals one after the other from the event's start",
        "lets an interval's own period override the event's",
      ),
      rule(
        "A randomised start moves the event once",
        timeline,
        "moves as a whole by a random offset in both directions",
      ),
      rule("The lower priority number wins", ven3, "takes the more urgent of two events, and goes back when it ends"),
      rule(
        "Reports follow their descriptor",
        ven3,
        "reports what an event asks for when it is due, each report once, also after a restart",
        "ask for %s",
      ),
    ],
  },
];
