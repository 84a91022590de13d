import type { DrResponse, VirtualNodeProfile } from "@gridpact/proto";
import type { JsonValue } from "@gridpact/settlement";
import { reviveUnits } from "@gridpact/settlement";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AggregatorCore } from "../aggregator-core.ts";
import { AggregatorError } from "../aggregator-error.ts";
import { drReport, drResponse, reportParams, requestIdParams, virtualNodeProfile, vnIdParams } from "./schemas.ts";

/** Says which virtual node makes a request, from its client certificate; undefined when the certificate is not one. */
export type CallerOf = (request: FastifyRequest) => string | undefined;

/** The API for virtual nodes: the server side of the VN agent's AggregatorLink. Nodes see only what is theirs. */
export function installVnApi(app: FastifyInstance, core: AggregatorCore, callerOf: CallerOf): void {
  const checkIsCaller = (request: FastifyRequest, vnId: string) => {
    if (callerOf(request) !== vnId) throw new AggregatorError("NOT_YOURS", `this is the place of ${vnId}`);
  };

  app.put<{ Params: { vnId: string }; Body: JsonValue }>(
    "/api/v1/virtual-nodes/:vnId/profile",
    { schema: { summary: "Heartbeat with profile", params: vnIdParams, body: virtualNodeProfile } },
    async (request, reply) => {
      checkIsCaller(request, request.params.vnId);
      const profile = request.body as unknown as VirtualNodeProfile;
      await core.register({ ...profile, vnId: request.params.vnId });
      return reply.status(204).send();
    },
  );

  app.get<{ Params: { vnId: string } }>(
    "/api/v1/virtual-nodes/:vnId/requests",
    { schema: { summary: "Requests that wait for an answer", params: vnIdParams } },
    async (request) => {
      checkIsCaller(request, request.params.vnId);
      return { items: await core.pollRequests(request.params.vnId) };
    },
  );

  app.put<{ Params: { requestId: string }; Body: JsonValue }>(
    "/api/v1/requests/:requestId/response",
    { schema: { summary: "Accept or refuse a request", params: requestIdParams, body: drResponse } },
    async (request, reply) => {
      checkIsCaller(request, core.ownerOf(request.params.requestId));
      await core.respond(request.params.requestId, reviveUnits(request.body) as DrResponse);
      return reply.status(204).send();
    },
  );

  app.put<{ Params: { requestId: string; intervalIndex: string }; Body: JsonValue }>(
    "/api/v1/requests/:requestId/reports/:intervalIndex",
    { schema: { summary: "Report one interval", params: reportParams, body: drReport } },
    async (request, reply) => {
      checkIsCaller(request, core.ownerOf(request.params.requestId));
      const report = reviveUnits(request.body) as { deliveredWh: bigint; shortfallWh: bigint };
      await core.report(request.params.requestId, { ...report, intervalIndex: Number(request.params.intervalIndex) });
      return reply.status(204).send();
    },
  );
}
