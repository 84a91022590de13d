import { View } from "./access.ts";
import { isAllowedCallback } from "./callback-url.ts";
import type { Client } from "./clients.ts";
import type { Kind, ObjectOf, RequestOf, Resource3, Subscription, Ven3 } from "./model.ts";
import { Oadr3Refusal } from "./problem.ts";
import type { Vtn3State } from "./vtn3-state.ts";

/** What the specification's schemas cannot say: who owns an object, and how objects hang together. */

/**
 * The part of an object that its request determines. The owner is the client that made it; only BL names another owner
 * or grants targets, so a VEN's update keeps the targets it has.
 */
export function completeRequest<K extends Kind>(
  state: Vtn3State,
  client: Client,
  kind: K,
  request: RequestOf[K],
  known: ObjectOf[K] | undefined,
): object {
  switch (kind) {
    case "reports":
    case "subscriptions":
      return { ...request, clientID: ownerOf(known) ?? client.clientId };
    case "vens":
      return completeGrant(client, request as RequestOf["vens"], known as Ven3 | undefined);
    case "resources":
      return completeResource(state, client, request as RequestOf["resources"], known as Resource3 | undefined);
    default:
      return request;
  }
}

function ownerOf(known: object | undefined): string | undefined {
  return known !== undefined && "clientID" in known ? String(known.clientID) : undefined;
}

function completeGrant(
  client: Client,
  request: RequestOf["vens"] | RequestOf["resources"],
  known: Ven3 | Resource3 | undefined,
) {
  const isBlRequest = request.objectType.startsWith("BL_");
  if (isBlRequest && client.role !== "bl") throw new Oadr3Refusal(403, "only business logic may make this request");
  if (!isBlRequest && client.role === "bl") throw new Oadr3Refusal(400, "business logic must name the client");
  if (isBlRequest) return request;
  const kept = known?.targets === undefined ? {} : { targets: known.targets };
  const { targets: _ignored, ...own } = request;
  return { ...own, ...kept, clientID: client.clientId };
}

/** A resource belongs to the client of its ven, whoever made it. */
function completeResource(
  state: Vtn3State,
  client: Client,
  request: RequestOf["resources"],
  known: Resource3 | undefined,
) {
  const ven = state.tables.vens.get(request.venID);
  const isVisible = ven !== undefined && new View(state, client).show("vens", ven) !== undefined;
  if (!isVisible) throw new Oadr3Refusal(404, "no such ven");
  return { ...completeGrant(client, request, known), clientID: ven.clientID };
}

type Rule<K extends Kind> = (state: Vtn3State, client: Client, object: ObjectOf[K]) => void;

const RULES: { readonly [K in Kind]: Rule<K> } = {
  programs: (state, _client, program) => requireUnique(state.tables.programs.inGroup(program.programName), program),
  events: (state, client, { programID }) => requireProgram(state, client, programID),
  reports: (state, client, { eventID }) => requireEvent(state, client, eventID),
  subscriptions: requireSubscribable,
  vens: (state, _client, ven) => requireUniqueVen(state, ven),
  resources: (state, _client, resource) => requireUniqueResource(state, resource),
};

/** Throws `Oadr3Refusal` unless the object fits the others. */
export function requireConsistent<K extends Kind>(
  state: Vtn3State,
  client: Client,
  kind: K,
  object: ObjectOf[K],
): void {
  RULES[kind](state, client, object);
}

function requireUnique(same: readonly { readonly id: string }[], object: { readonly id: string }): void {
  if (same.some(({ id }) => id !== object.id)) throw new Oadr3Refusal(409, "the name is taken");
}

function requireUniqueVen(state: Vtn3State, ven: Ven3): void {
  requireUnique(
    [...state.tables.vens.values()].filter(({ venName }) => venName === ven.venName),
    ven,
  );
}

function requireUniqueResource(state: Vtn3State, resource: Resource3): void {
  const siblings = state.tables.resources.inGroup(resource.venID);
  requireUnique(
    siblings.filter(({ resourceName }) => resourceName === resource.resourceName),
    resource,
  );
}

function requireProgram(state: Vtn3State, client: Client, programId: string): void {
  const program = state.tables.programs.get(programId);
  const isVisible = program !== undefined && new View(state, client).show("programs", program) !== undefined;
  if (!isVisible) throw new Oadr3Refusal(400, "no such program");
}

function requireEvent(state: Vtn3State, client: Client, eventId: string): void {
  const event = state.tables.events.get(eventId);
  const isVisible = event !== undefined && new View(state, client).show("events", event) !== undefined;
  if (!isVisible) throw new Oadr3Refusal(400, "no such event");
}

function requireSubscribable(state: Vtn3State, client: Client, subscription: Subscription): void {
  if (subscription.programID !== undefined) requireProgram(state, client, subscription.programID);
  for (const { callbackUrl } of subscription.objectOperations) {
    if (!isAllowedCallback(callbackUrl)) throw new Oadr3Refusal(400, "callbackUrl is not an HTTP address");
  }
}
