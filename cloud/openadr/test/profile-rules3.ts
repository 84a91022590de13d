import { type RuleChapter, rule } from "./profile-rule.ts";

const oadr3 = "test/openadr3.test.ts";
const timeline = "src/oadr3/timeline.test.ts";
const ven3 = "test/ven3.test.ts";
const mqtt = "test/mqtt-topics.test.ts";
const notifications = "test/notifications.test.ts";
const notifications3 = "test/notifications3.test.ts";
const routes301 = "test/routes301.test.ts";

/** The rules of 3.1, and of 3.0.1 where it differs. */
export const RULE_CHAPTERS_3: readonly RuleChapter[] = [
  {
    title: "3.1: objects",
    rules: [
      rule("Null is absence", oadr3, "takes null for absence everywhere, and nowhere else"),
      rule("Names of programs, vens and resources are unique", oadr3, "refuses names that are taken"),
      rule(
        "What cannot be without an object goes with it",
        oadr3,
        "deletes a program's events and a ven's resources with it",
      ),
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
      rule("Objects and tokens survive a restart", oadr3, "keeps everything, tokens included, across a restart"),
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
      rule("A token that was altered is none", oadr3, "refuses tokens that were altered"),
      rule("The targets of a resource are granted to its ven", oadr3, "grants the targets of a ven's resources too"),
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
      rule(
        "A broker lets each client read what it may, as itself, and nobody publish",
        notifications3,
        "lets a VEN read its own topics, and nobody else's",
        "takes the token of the client that names itself, and nothing from anybody else",
        "ends what was allowed when the ven object is gone",
        "takes no message from a client, and no will",
      ),
      rule(
        "A VEN hears of changes without polling, and reads them itself",
        notifications3,
        "hears by %s of events made, changed, granted and deleted",
        "comes back when the broker does, and reads what it has missed",
      ),
      rule(
        "A subscription is narrowed by its program and its targets",
        notifications,
        "are narrowed by a subscription's program and targets",
      ),
      rule(
        "Topics show business logic everything, and a VEN what it may see",
        mqtt,
        "publishes to business logic whole, and to each VEN what it may see",
        "of others are hidden from a VEN, and all of them where there is no broker",
      ),
      rule(
        "What a broker did not take is published again, also after a crash",
        mqtt,
        "tries again while the broker is away, and gives up in the end",
        "loses nothing when the VTN ends between a change and its publication",
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
        "An event without a priority gives way, and an older one to a later one",
        timeline,
        "gives way to the event with the lower priority number, then to the later one",
      ),
      rule("P9999Y lasts for ever, and 0001-01-01 is now", timeline, "lasts for ever for P9999Y", "starts now for %j"),
      rule(
        "Intervals repeat while the event lasts",
        timeline,
        "repeats the intervals while the event lasts, and ends with it",
      ),
      rule(
        "A VEN is the same VEN when it starts again",
        ven3,
        "makes its ven object once, and finds it when it starts again",
      ),
      rule("Events are told when new, changed and gone", ven3, "tells what is new, changed and gone, once each"),
      rule(
        "Reports follow their descriptor",
        ven3,
        "reports what an event asks for when it is due, each report once, also after a restart",
        "ask for %s",
      ),
      rule("What holds now follows from the time", ven3, "follows the intervals of its events in time"),
      rule(
        "A random offset survives a restart",
        ven3,
        "keeps its random offset over a restart and a change of something else",
      ),
    ],
  },
  {
    title: "3.0.1 clients of a 3.1 VTN",
    rules: [
      rule(
        "Targets are typed, and are what 3.1 clients see as words",
        routes301,
        "makes programs and events with typed targets and reads them as it wrote them",
        "finds by typed targets, page by page",
      ),
      rule("Resources stand below their ven", routes301, "keeps resources below their ven"),
      rule(
        "Privacy, tokens and scopes are those of 3.1",
        routes301,
        "sees of targeted events what a 3.1 client sees, and no more",
        "is refused like any other: without token, without scope, with a body that is none",
        "may use the token that it got by the paths of 3.1",
      ),
    ],
  },
];
