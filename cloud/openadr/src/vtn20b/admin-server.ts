import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { ADMIN_SCHEMAS } from "./admin-schemas.ts";
import type { EventChange, EventInput } from "./event-input.ts";
import { eventStatusAt } from "./event-status.ts";
import type { EventRecord } from "./records.ts";
import type { Vtn20b } from "./vtn.ts";
import { VtnRefusal } from "./vtn-refusal.ts";

/** An event of a thousand intervals is some 60 kB. */
const MAX_BODY_BYTES = 262_144;

/** Names under which a browser may reach loopback; any other `Host` is a page trying to get at it by DNS rebinding. */
const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]", "::1"]);

/** Who may reach the admin interface. */
export interface AdminServerOptions {
  /** False lets requests for any host name in, for a VTN whose admin interface is guarded by other means. */
  readonly isLoopbackOnly: boolean;
  readonly nowUnixMs: () => number;
}

interface ById {
  readonly Params: { readonly id: string };
}

/** The operator's interface of a VTN, as JSON over HTTP. It has no login of its own: MUST listen on loopback only. */
export function createAdminServer(vtn: Vtn20b, options: AdminServerOptions): FastifyInstance {
  const server = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false } },
  });
  server.addHook("onRequest", async (request, reply) => {
    if (options.isLoopbackOnly && !LOOPBACK_HOSTS.has(request.hostname)) await reply.code(403).send({ code: "host" });
  });
  server.setErrorHandler((error, _request, reply) => sendError(error, reply));
  addVenRoutes(server, vtn);
  addEventRoutes(server, vtn, options.nowUnixMs);
  addReportRoutes(server, vtn);
  return server;
}

function addVenRoutes(server: FastifyInstance, vtn: Vtn20b): void {
  server.get("/vens", () => vtn.state.vens.under());
  server.get("/enrolments", () => vtn.state.enrolments.under());
  server.post<{ Body: { fingerprint: string; venId?: string } }>(
    "/enrolments",
    { schema: ADMIN_SCHEMAS.enrolment },
    ({ body }, reply) => reply.code(201).send(vtn.enrol(body.fingerprint, body.venId)),
  );
  server.post<ById>("/vens/:id/reregistration", ({ params }, reply) => {
    vtn.requestReregistration(params.id);
    return reply.code(202).send({ venId: params.id });
  });
  server.delete<ById>("/vens/:id/registration", ({ params }, reply) => {
    vtn.cancelRegistration(params.id);
    return reply.code(202).send({ venId: params.id });
  });
  server.get("/opts", () => vtn.state.opts.under());
}

function addEventRoutes(server: FastifyInstance, vtn: Vtn20b, nowUnixMs: () => number): void {
  const view = (event: EventRecord) => ({
    ...event,
    status: eventStatusAt(event, nowUnixMs()),
    deliveries: event.venIds.map((venId) => ({
      ...vtn.state.deliveryOf(venId, event.eventId),
      scheduledOpt: vtn.scheduledOpt(venId, event),
    })),
  });
  server.get("/events", () => vtn.state.events.under().map(view));
  server.get<ById>("/events/:id", ({ params }) => view(requireEvent(vtn, params.id)));
  server.post<{ Body: EventInput }>("/events", { schema: ADMIN_SCHEMAS.event }, ({ body }, reply) =>
    reply.code(201).send(view(vtn.createEvent(body))),
  );
  server.patch<ById & { Body: EventChange }>("/events/:id", { schema: ADMIN_SCHEMAS.eventChange }, ({ params, body }) =>
    view(vtn.modifyEvent(params.id, body)),
  );
  server.delete<ById>("/events/:id", ({ params }) => view(vtn.cancelEvent(params.id)));
}

interface ReportRequestBody {
  readonly venId: string;
  readonly reportSpecifierId: string;
  readonly granularity: string;
  readonly reportBackDuration: string;
  readonly period?: { readonly dtstartUnixMs: number; readonly duration: string };
}

function addReportRoutes(server: FastifyInstance, vtn: Vtn20b): void {
  server.get("/reports", () => vtn.state.receivedReports.under());
  server.get("/report-offers", () => vtn.state.offers.under());
  server.get("/report-requests", () => vtn.state.reportRequests.under());
  server.post<{ Body: ReportRequestBody }>(
    "/report-requests",
    { schema: ADMIN_SCHEMAS.reportRequest },
    ({ body: { venId, reportSpecifierId, ...wanted } }, reply) =>
      reply.code(201).send({ reportRequestId: vtn.requestReport(venId, reportSpecifierId, wanted) }),
  );
  server.delete<{ Params: { venId: string; id: string } }>("/report-requests/:venId/:id", ({ params }, reply) => {
    vtn.cancelReport(params.venId, params.id);
    return reply.code(202).send({ reportRequestId: params.id });
  });
}

function requireEvent(vtn: Vtn20b, eventId: string): EventRecord {
  const event = vtn.state.events.get(eventId);
  if (event === undefined) throw new VtnRefusal("unknown-event", `no event ${eventId}`);
  return event;
}

function sendError(error: unknown, reply: FastifyReply): FastifyReply {
  if (error instanceof VtnRefusal) {
    return reply.code(error.code.startsWith("unknown") ? 404 : 409).send({ code: error.code, message: error.message });
  }
  const isClientFault = error instanceof Error && "statusCode" in error && Number(error.statusCode) < 500;
  if (!isClientFault) return reply.code(500).send({ code: "fault", message: "internal fault" });
  return reply.code(Number(error.statusCode)).send({ code: "bad-request", message: error.message });
}
