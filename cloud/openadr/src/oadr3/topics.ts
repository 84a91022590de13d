import { View } from "./access.ts";
import type { Change } from "./change.ts";
import { type Client, clientOf } from "./clients.ts";
import type { AnyObject, Kind, Ven3 } from "./model.ts";
import type { RoleOf } from "./recipients.ts";
import type { Vtn3State } from "./vtn3-state.ts";

/**
 * The topics of the MQTT notifier [OADR3.1 Definition, Notifiers]. Their names are the VTN's choice: clients ask for
 * them (`/notifiers/mqtt/topics/…`). A topic stands for a reader, and whoever may read it sees all that comes on it:
 *
 *   openadr/3.1/events/create                    everything, for business logic only
 *   openadr/3.1/programs/PROGRAM/events/create   the same, of one program
 *   openadr/3.1/vens/VEN/events/create           what this VEN may see, as it may see it
 */
const ROOT = "openadr/3.1";

/** One notification to be published. */
export interface TopicMessage {
  readonly topic: string;
  /** The object as the readers of this topic may see it. */
  readonly shown: AnyObject;
}

/** Topic names for the operations on a collection or an object, as the specification's answer has them. */
export interface OperationTopics {
  readonly CREATE?: string;
  readonly UPDATE: string;
  readonly DELETE: string;
  readonly ALL: string;
}

/** The topics of a collection such as `programs` or `vens/VEN/events`. */
export function collectionTopics(path: string): OperationTopics {
  return { CREATE: topic(path, "create"), ...objectTopics(path) };
}

/** The topics of one object: nobody can wait for the creation of an object that has an identifier. */
export function objectTopics(path: string): OperationTopics {
  return { UPDATE: topic(path, "update"), DELETE: topic(path, "delete"), ALL: topic(path, "+") };
}

/**
 * Whether a client may subscribe to a topic or filter at the broker, which MUST ask for each subscription; only the VTN
 * may publish. A VEN reads below its own ven objects and nowhere else, and no wildcard stands for one of them.
 */
export function mayReadTopic(state: Vtn3State, client: Pick<Client, "clientId" | "role">, filter: string): boolean {
  if (!filter.startsWith(`${ROOT}/`)) return false;
  if (client.role === "bl") return true;
  const [collection, venId] = filter.slice(ROOT.length + 1).split("/");
  return collection === "vens" && state.tables.vens.get(venId ?? "")?.clientID === client.clientId;
}

/** What is published about a change. A change of nobody's interest costs nothing but these names. */
export function topicMessagesOf(state: Vtn3State, change: Change, roleOf: RoleOf): readonly TopicMessage[] {
  if (change.operation === "READ") return [];
  const { kind, object } = change;
  const operation = change.operation.toLowerCase();
  const paths = [kind, ...pathsOf(kind, object, operation)];
  const whole = paths.map((path) => ({ topic: topic(path, operation), shown: object }));
  return [...whole, ...venMessagesOf(state, change, roleOf)];
}

/** Topics besides the collection's own that show the whole object. */
function pathsOf(kind: Kind, object: AnyObject, operation: string): readonly string[] {
  const own = operation === "create" ? [] : [`${kind}/${object.id}`];
  if (kind === "programs") return own;
  if (kind === "vens") return own;
  if (kind === "events" && "programID" in object) return [`programs/${object.programID}/events`];
  return kind === "resources" && "venID" in object ? [`vens/${object.venID}/resources`] : [];
}

/** Programs and events, to each VEN that may see them. */
function venMessagesOf(state: Vtn3State, { kind, operation, object }: Change, roleOf: RoleOf): TopicMessage[] {
  if (kind !== "programs" && kind !== "events") return [];
  return [...state.tables.vens.values()].flatMap((ven) => {
    const shown = showTo(state, ven, kind, object, roleOf);
    return shown === undefined ? [] : [{ topic: topic(`vens/${ven.id}/${kind}`, operation.toLowerCase()), shown }];
  });
}

function showTo(state: Vtn3State, { clientID }: Ven3, kind: Kind, object: AnyObject, roleOf: RoleOf) {
  const role = roleOf(clientID);
  // A client that is gone is told nothing, and business logic has topics of its own.
  if (role !== "ven") return undefined;
  return new View(state, clientOf({ clientId: clientID, role })).show(kind, object as never);
}

function topic(path: string, operation: string): string {
  return `${ROOT}/${path}/${operation}`;
}
