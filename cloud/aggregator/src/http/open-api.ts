import swagger from "@fastify/swagger";
import type { FastifyInstance } from "fastify";

/** Describes all routes that are registered afterwards at `/openapi.json`. */
export async function installOpenApi(app: FastifyInstance, description: string): Promise<void> {
  await app.register(swagger, {
    openapi: { openapi: "3.1.0", info: { title: "Gridpact aggregator", description, version: "1" } },
  });
  app.get("/openapi.json", { schema: { hide: true } }, async (_, reply) => {
    // As text: the document is no message of ours and may hold what our canonical JSON refuses.
    return reply.type("application/json").send(JSON.stringify(app.swagger()));
  });
}
