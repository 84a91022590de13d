import type { FastifyInstance } from "fastify";
import type { AggregatorCore } from "../aggregator-core.ts";
import type { AggregatorMetrics } from "../metrics.ts";

/**
 * `/health`: the process answers. `/ready`: the ledger answers, by the tick after the last look. `/metrics`: for
 * Prometheus.
 */
export function installHealth(app: FastifyInstance, core: AggregatorCore, metrics: AggregatorMetrics): void {
  app.get("/health", { schema: { hide: true } }, async () => ({ status: "up" }));
  app.get("/ready", { schema: { hide: true } }, async (_, reply) => {
    const isReady = core.liveView().ledger !== null;
    return reply.status(isReady ? 200 : 503).send({ status: isReady ? "ready" : "waiting for the ledger" });
  });
  app.get("/metrics", { schema: { hide: true } }, async (_, reply) => {
    return reply.type(metrics.contentType).send(await metrics.render());
  });
}
