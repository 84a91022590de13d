import type { Kind, ObjectOf, Subscription } from "./model.ts";
import { OBJECT_TYPES } from "./model.ts";
import { Oadr3Refusal } from "./problem.ts";
import { MAX_PAGE, type Search } from "./vtn3.ts";
import type { Vtn3State } from "./vtn3-state.ts";

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

const OBJECT_ID = /^[a-zA-Z0-9_-]{1,128}$/;
const MAX_NAME_CHARS = 128;

/** More targets in one query than any object has would only serve to slow the VTN down. */
const MAX_TARGETS = 100;

/** Reads the query of a search. Throws `Oadr3Refusal` (400) for what the specification does not allow. */
export function readSearch<K extends Kind>(kind: K, query: Query, state: Vtn3State): Search<K> {
  const targets = readList(query, "targets");
  return {
    skip: readCount(query, "skip", Number.MAX_SAFE_INTEGER) ?? 0,
    limit: readCount(query, "limit", MAX_PAGE) ?? MAX_PAGE,
    ...(targets === undefined ? {} : { targets }),
    matches: readFilters(kind, query, state) as (object: ObjectOf[K]) => boolean,
  };
}

function readFilters(kind: Kind, query: Query, state: Vtn3State): (object: never) => boolean {
  switch (kind) {
    case "programs":
      return () => true;
    case "events":
      return equals({ programID: readId(query, "programID") });
    case "reports":
      return reportFilter(query, state);
    case "subscriptions":
      return subscriptionFilter(query);
    case "vens":
      return equals({ venName: readName(query, "venName") });
    case "resources":
      return equals({ venID: readId(query, "venID"), resourceName: readName(query, "resourceName") });
  }
}

function reportFilter(query: Query, state: Vtn3State): (report: ObjectOf["reports"]) => boolean {
  const own = equals({ eventID: readId(query, "eventID"), clientName: readName(query, "clientName") });
  const programId = readId(query, "programID");
  // A report names its event, and only the event names the program.
  return (report) =>
    own(report) && (programId === undefined || state.tables.events.get(report.eventID)?.programID === programId);
}

function subscriptionFilter(query: Query): (subscription: Subscription) => boolean {
  const own = equals({ programID: readId(query, "programID"), clientName: readName(query, "clientName") });
  const objects = readList(query, "objects");
  const known: readonly string[] = Object.values(OBJECT_TYPES);
  if (objects?.some((object) => !known.includes(object))) throw new Oadr3Refusal(400, "unknown word in objects");
  return (subscription) =>
    own(subscription) &&
    (objects === undefined ||
      subscription.objectOperations.some((operation) => operation.objects.some((object) => objects.includes(object))));
}

/** Whether an object has every wanted value; what was not asked for is not compared. */
function equals(wanted: Readonly<Record<string, string | undefined>>): (object: object) => boolean {
  const entries = Object.entries(wanted).filter(([, value]) => value !== undefined);
  return (object) => entries.every(([key, value]) => (object as Record<string, unknown>)[key] === value);
}

function readOne(query: Query, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || typeof value === "string") return value;
  throw new Oadr3Refusal(400, `${name} was given twice`);
}

function readId(query: Query, name: string): string | undefined {
  const value = readOne(query, name);
  if (value === undefined || OBJECT_ID.test(value)) return value;
  throw new Oadr3Refusal(400, `${name} is not an identifier`);
}

function readName(query: Query, name: string): string | undefined {
  const value = readOne(query, name);
  if (value === undefined || (value.length > 0 && value.length <= MAX_NAME_CHARS)) return value;
  throw new Oadr3Refusal(400, `${name} has a wrong length`);
}

function readCount(query: Query, name: string, maximum: number): number | undefined {
  const value = readOne(query, name);
  if (value === undefined) return undefined;
  if (/^\d{1,10}$/.test(value) && Number(value) <= maximum) return Number(value);
  throw new Oadr3Refusal(400, `${name} is not a number from 0 to ${maximum}`);
}

function readList(query: Query, name: string): readonly string[] | undefined {
  const value = query[name];
  if (value === undefined) return undefined;
  const list = typeof value === "string" ? [value] : value;
  const isValid = list.every((item) => item.length > 0 && item.length <= MAX_NAME_CHARS);
  if (isValid && list.length <= MAX_TARGETS) return list;
  throw new Oadr3Refusal(400, `${name} is not a list of names`);
}
