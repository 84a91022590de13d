import type { JsonValue } from "@gridpact/settlement";
import { reviveUnits } from "@gridpact/settlement";
import type { FastifyInstance } from "fastify";
import type { AggregatorCore } from "../aggregator-core.ts";
import { AggregatorError } from "../aggregator-error.ts";
import type { EventPlan } from "../event/index.ts";
import type { VirtualNodeEnrolment } from "../registry/index.ts";
import {
  enrolment,
  eventIdParams,
  eventPlan,
  moveApproval,
  moveIdParams,
  PAGE_ITEMS_MAX,
  pageQuery,
  vnIdParams,
} from "./schemas.ts";

type PageQuery = { Querystring: { limit?: string; after?: string } };

/** The API for the aggregator's own operator. It has no login: it MUST listen on the loopback interface only. */
export function installOperatorApi(app: FastifyInstance, core: AggregatorCore): void {
  installVirtualNodes(app, core);
  installEvents(app, core);
  installClusters(app, core);
}

function installClusters(app: FastifyInstance, core: AggregatorCore): void {
  app.get(
    "/api/v1/clusters",
    { schema: { summary: "Guidelines, members of each node, and the newest plan of clusters" } },
    async () => core.clusters(),
  );
  app.post<{ Body: { planHashHex: string; moveIds?: string[] } }>(
    "/api/v1/clusters/moves",
    { schema: { summary: "Approve moves of the newest plan, all of it when none are named", body: moveApproval } },
    async (request) => ({ items: await core.approveMoves(request.body) }),
  );

  app.delete<{ Params: { moveId: string } }>(
    "/api/v1/clusters/moves/:moveId",
    { schema: { summary: "Cancel an approved move whose device has not been asked yet", params: moveIdParams } },
    async (request) => core.cancelMove(request.params.moveId),
  );
}

function installVirtualNodes(app: FastifyInstance, core: AggregatorCore): void {
  app.get<PageQuery>(
    "/api/v1/virtual-nodes",
    { schema: { summary: "Enrolled virtual nodes", querystring: pageQuery } },
    async (request) => pageOf(core.virtualNodes(), (node) => node.vnId, request.query),
  );

  app.put<{ Params: { vnId: string }; Body: JsonValue }>(
    "/api/v1/virtual-nodes/:vnId",
    { schema: { summary: "Enrol a virtual node", params: vnIdParams, body: enrolment } },
    async (request) => {
      const terms = reviveUnits(request.body) as Omit<VirtualNodeEnrolment, "vnId">;
      return core.enrolVirtualNode({ vnId: request.params.vnId, ...terms });
    },
  );
}

function installEvents(app: FastifyInstance, core: AggregatorCore): void {
  app.get<PageQuery>(
    "/api/v1/events",
    { schema: { summary: "Events, in order of their ids", querystring: pageQuery } },
    async (request) => pageOf(core.events(), (event) => event.plan.eventId, request.query),
  );

  app.get<{ Params: { eventId: string } }>(
    "/api/v1/events/:eventId",
    { schema: { summary: "One event", params: eventIdParams } },
    async (request) => {
      const event = core.event(request.params.eventId);
      if (event === undefined) throw new AggregatorError("UNKNOWN_EVENT", request.params.eventId);
      return event;
    },
  );

  app.get<{ Params: { eventId: string } }>(
    "/api/v1/events/:eventId/decision",
    {
      schema: { summary: "The decision about an event with all its inputs; it can be replayed", params: eventIdParams },
    },
    async (request) => core.decision(request.params.eventId),
  );

  const planSchema = { params: eventIdParams, body: eventPlan };
  app.put<{ Params: { eventId: string }; Body: JsonValue }>(
    "/api/v1/events/:eventId",
    { schema: { summary: "Plan an event; the same plan again changes nothing", ...planSchema } },
    async (request, reply) => {
      const event = await core.planEvent(planOf(request));
      return reply.status(201).send(event);
    },
  );

  app.post<{ Params: { eventId: string }; Body: JsonValue }>(
    "/api/v1/events/:eventId/preview",
    { schema: { summary: "What the plan would lead to and whom it would be sent to; sends nothing", ...planSchema } },
    async (request) => core.preview(planOf(request)),
  );
}

function planOf(request: { params: { eventId: string }; body: JsonValue }): EventPlan {
  const terms = reviveUnits(request.body) as Omit<EventPlan, "eventId">;
  return { ...terms, eventId: request.params.eventId };
}

/** Items after an id, so that a page stays where it was when items are added before it. */
function pageOf<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  query: { limit?: string; after?: string },
): { items: T[]; nextAfter: string | null } {
  const limit = Math.min(Number(query.limit ?? PAGE_ITEMS_MAX), PAGE_ITEMS_MAX);
  const { after } = query;
  const rest = after === undefined ? [...items] : items.filter((item) => idOf(item) > after);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return { items: page, nextAfter: last === undefined || rest.length <= limit ? null : idOf(last) };
}
