import type { RawAnswer3, RawRequest3 } from "../src/conformance3/index.ts";

/** One way for a 3.1 VTN to be wrong. */
export interface Fault3 {
  readonly name: string;
  /** The check that has to notice. */
  readonly noticedBy: string;
  /** Which requests it shows on: a part of `METHOD path body`. */
  readonly on: RegExp;
  readonly change: (answer: RawAnswer3, request: RawRequest3) => RawAnswer3;
}

type Change = (object: Record<string, unknown>) => unknown;

const answers = (name: string, noticedBy: string, on: RegExp, status: number, body?: object): Fault3 => ({
  name,
  noticedBy,
  on,
  change: (answer) => ({ ...answer, status, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
});

const changes = (name: string, noticedBy: string, on: RegExp, change: Change): Fault3 => ({
  name,
  noticedBy,
  on,
  change: (answer) => ({ ...answer, body: JSON.stringify(change(JSON.parse(answer.body))) }),
});

const ID = /[a-z]+-[0-9a-f]{12}-/.source;
const one = (method: string, kind: string) => new RegExp(`^${method} /${kind}/${ID}`);
const made = { id: "made", targets: [], createdDateTime: "2026-01-01T00:00:00Z" };
const problem = (status: number) => ({ type: "about:blank", title: "x", status });

export const FAULTS_3: readonly Fault3[] = [
  changes("does not say where tokens are given", "start", /^GET \/auth\/server/, () => ({})),
  answers("gives no tokens", "start", /^POST .*\/auth\/token/, 401),
  changes("gives tokens of another type", "start", /^POST .*\/auth\/token/, (token) => ({
    ...token,
    token_type: "mac",
  })),
  changes("forgets the token", "start", /^POST .*\/auth\/token/, () => ({ token_type: "Bearer" })),
  changes("gives a program no identifier", "start", /^POST \/programs .*conformance/, () => ({})),
  answers("answers a new program by 200", "start", /^POST \/programs .*conformance/, 200),
  answers("gives a token for any secret", "token-wrong-secret", /client_secret=conformance-nobody/, 200),
  answers("gives a token for any grant", "token-grant", /grant_type=password/, 200),
  answers("needs no token", "token-missing", /^GET \/programs $/, 200, []),
  changes("tells another status in a problem", "token-missing", /^GET \/programs $/, () => problem(400)),
  answers("fails on a forged token", "token-forged", /^GET \/programs .*forged/, 500),
  answers("takes any token", "token-forged", /^GET \/programs .*forged/, 200, []),
  answers("lets a VEN make programs", "scope-programs", /^POST \/programs .*as ven/, 201, made),
  answers("lets a VEN make events", "scope-events", /^POST \/events .*as ven/, 201, made),
  changes("forgets times", "program-read", one("GET", "programs"), ({ createdDateTime: _gone, ...rest }) => rest),
  changes("forgets the type", "program-read", one("GET", "programs"), (program) => ({ ...program, objectType: "X" })),
  changes("forgets the name", "program-read", one("GET", "programs"), ({ programName: _gone, ...rest }) => rest),
  changes("gives another identifier", "program-read", one("GET", "programs"), (program) => ({ ...program, id: "x" })),
  answers("has two programs of a name", "program-conflict", /^POST \/programs .*-1"\}/, 201, made),
  answers("takes a program without a name", "program-invalid", /^POST \/programs \{\}/, 201, made),
  answers("takes what is no JSON", "json-malformed", /^POST \/programs \{ /, 201, made),
  answers("fails on what is no JSON", "json-malformed", /^POST \/programs \{ /, 500),
  answers("finds what is not there", "object-unknown", /^GET \/events\/conformance-nobody/, 200, made),
  answers("forbids what is not there", "object-unknown", /^GET \/events\/conformance-nobody/, 403, problem(403)),
  answers("takes events of no program", "event-program", /^POST \/events .*conformance-nobody/, 201, made),
  changes("shows no change", "event-update", /^GET \/events\/event-\S+ .*as bl/, (event) => ({
    ...event,
    eventName: "before",
  })),
  changes("makes a changed event anew", "event-update", /^GET \/events\/event-\S+ .*as bl/, (event) => ({
    ...event,
    createdDateTime: "2000-01-01T00:00:00Z",
  })),
  answers("refuses changes", "event-update", one("PUT", "events"), 400, problem(400)),
  changes("returns another object when it deletes", "event-delete", one("DELETE", "events"), () => ({ id: "x" })),
  answers("still has what it deleted", "event-delete", /^GET \/events\/event-\S+ .*as bl/, 200, made),
  changes(
    "understands for ever as a number of years",
    "event-sentinels",
    /^GET \/events\/event-\S+ .*as bl/,
    (event) => ({
      ...event,
      intervalPeriod: { start: "0001-01-01T00:00:00Z", duration: "P1000Y" },
    }),
  ),
  answers("refuses the start that means now", "event-sentinels", /^POST \/events .*0001-01-01/, 400, problem(400)),
  changes("loses events from searches", "search-filter", /^GET \/events\?programID=[^&]+ .*as bl/, () => []),
  changes("ignores filters", "search-filter", /^GET \/events\?programID=[^&]+ .*as bl/, (events) => [
    ...(events as unknown as object[]),
    { ...made, programID: "other" },
  ]),
  changes("answers a search by one object", "search-filter", /^GET \/events\?programID=[^&]+ .*as bl/, () => made),
  changes("ignores limits", "search-page", /^GET \/events\?.*limit=1/, (events) => [
    ...(events as unknown as object[]),
    made,
  ]),
  changes("ignores skips", "search-page", /^GET \/events\?.*skip=1/, () => [made]),
  answers("gives pages of any length", "search-limit", /^GET \/programs\?limit=51/, 200, []),
  answers("hides open events", "privacy-open", /^GET \/events\/event-\S+ .*as ven/, 404, problem(404)),
  answers("shows hidden events", "privacy-hidden", /^GET \/events\/event-\S+ .*as ven/, 200, made),
  answers("tells that hidden events exist", "privacy-hidden", /^GET \/events\/event-\S+ .*as ven/, 403, problem(403)),
  answers(
    "does not show events to whom they are for",
    "privacy-granted",
    /^GET \/events\/event-\S+ .*as ven/,
    404,
    problem(404),
  ),
  changes("shows a VEN the targets of others", "privacy-granted", /^GET \/events\/event-\S+ .*as ven/, (event) => ({
    ...event,
    targets: ["other", ...((event["targets"] as string[] | undefined) ?? [])],
  })),
  changes("gives a VEN's object to another client", "ven-own", /^POST \/vens/, (ven) => ({ ...ven, clientID: "x" })),
  changes("lets a VEN grant itself targets", "ven-own", /^GET \/vens\/ven-/, (ven) => ({
    ...ven,
    targets: ["conformance-nobody"],
  })),
  changes("gives a resource to another ven", "resource", /^POST \/resources/, (made) => ({ ...made, venID: "x" })),
  answers("takes no resources from VENs", "resource", /^POST \/resources/, 403, problem(403)),
  answers("takes no reports", "report", /^POST \/reports .*as ven/, 400, problem(400)),
  changes("changes reports", "report", /^GET \/reports\/report-/, (report) => ({ ...report, resources: [] })),
  answers("takes reports of business logic", "report", /^POST \/reports .*as bl/, 201, made),
  answers("takes no subscriptions", "subscription", /^POST \/subscriptions/, 400, problem(400)),
  changes("mixes up programs", "subscription", /^GET \/subscriptions\//, (found) => ({ ...found, programID: "x" })),
  changes("has no webhooks", "notifiers", /^GET \/notifiers/, () => ({ WEBHOOK: false })),
  answers("keeps its programs", "end", /^DELETE \/programs\//, 409, problem(409)),
  {
    name: "answers in another language",
    noticedBy: "program-read",
    on: one("GET", "programs"),
    change: (answer) => ({ ...answer, contentType: "text/html", body: "<html>" }),
  },
  {
    name: "breaks off its answers",
    noticedBy: "program-read",
    on: one("GET", "programs"),
    change: (answer) => ({ ...answer, body: answer.body.slice(0, -2) }),
  },
];
