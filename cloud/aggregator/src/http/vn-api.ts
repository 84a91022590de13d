import type { MoveReport, ProsumerSummary, VirtualNodeProfile } from "@gridpact/proto";
import type { JsonValue } from "@gridpact/settlement";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { AggregatorCore } from "../aggregator-core.ts";
import { AggregatorError } from "../aggregator-error.ts";
import { moveReports, prosumerSummaries, virtualNodeProfile, vnIdParams } from "./schemas.ts";

/** Says which virtual node makes a request, from its client certificate; undefined when the certificate is not one. */
export type CallerOf = (request: FastifyRequest) => string | undefined;

/** The API for virtual nodes: what OpenADR has no word for. Requests, answers and deliveries travel as its events. */
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

  app.put<{ Params: { vnId: string }; Body: { items: ProsumerSummary[] } }>(
    "/api/v1/virtual-nodes/:vnId/prosumers",
    { schema: { summary: "What of some prosumers is news", params: vnIdParams, body: prosumerSummaries } },
    async (request) => {
      checkIsCaller(request, request.params.vnId);
      await core.describeProsumers(request.params.vnId, request.body.items);
      return core.clusterGuidance(request.params.vnId);
    },
  );

  app.put<{ Params: { vnId: string }; Body: { items: MoveReport[] } }>(
    "/api/v1/virtual-nodes/:vnId/moves",
    {
      schema: {
        summary: "Where moves stand; answers with those it has a part in",
        params: vnIdParams,
        body: moveReports,
      },
    },
    async (request) => {
      checkIsCaller(request, request.params.vnId);
      return { items: await core.exchangeMoves(request.params.vnId, request.body.items) };
    },
  );
}
