import { request } from "undici";
import type { Enrolment, EventChange, EventInput, EventRecord, VenRecord } from "../vtn20b/index.ts";

/** The admin interface refused a request or could not be reached. */
export class AdminError extends Error {
  /** The VTN's own code, `unreachable`, or `http-<status>`. */
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "AdminError";
    this.code = code;
  }
}

/** Creates an event on the VTN behind an admin URL. Throws `AdminError`. */
export function createEvent(adminUrl: string, event: EventInput): Promise<EventRecord> {
  return call(adminUrl, "POST", "/events", event);
}

/** Changes what `change` names and leaves the rest; every VEN is asked for a new answer. */
export function modifyEvent(adminUrl: string, eventId: string, change: EventChange): Promise<EventRecord> {
  return call(adminUrl, "PATCH", `/events/${encodeURIComponent(eventId)}`, change);
}

/** Calls an event off; it stays listed, as cancelled. */
export function cancelEvent(adminUrl: string, eventId: string): Promise<EventRecord> {
  return call(adminUrl, "DELETE", `/events/${encodeURIComponent(eventId)}`);
}

/** One event with its status and how far each VEN has got with it. Throws `AdminError` (`unknown-event`). */
export function readEvent(adminUrl: string, eventId: string): Promise<EventRecord> {
  return call(adminUrl, "GET", `/events/${encodeURIComponent(eventId)}`);
}

/** Lets a certificate register, under an agreed venID if one is given. */
export function enrolFingerprint(adminUrl: string, fingerprint: string, venId?: string): Promise<Enrolment> {
  return call(adminUrl, "POST", "/enrolments", venId === undefined ? { fingerprint } : { fingerprint, venId });
}

/** Every VEN the VTN has met, registered now or not. */
export function listVens(adminUrl: string): Promise<readonly VenRecord[]> {
  return call(adminUrl, "GET", "/vens");
}

/** Every event, over or not, with its status at this moment. */
export function listEvents(adminUrl: string): Promise<readonly EventRecord[]> {
  return call(adminUrl, "GET", "/events");
}

async function call<T>(
  adminUrl: string,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
): Promise<T> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await request(adminUrl.replace(/\/$/, "") + path, { method, ...sent }).catch((cause: unknown) => {
    throw new AdminError("unreachable", `${adminUrl} could not be reached`, cause);
  });
  const text = await response.body.text();
  if (response.statusCode < 300) return JSON.parse(text) as T;
  throw toAdminError(response.statusCode, text);
}

function toAdminError(status: number, text: string): AdminError {
  const told = /^\{/.test(text) ? (JSON.parse(text) as { code?: string; message?: string }) : {};
  return new AdminError(told.code ?? `http-${status}`, told.message ?? `HTTP ${status}`);
}
