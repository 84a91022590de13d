import type { AddressInfo } from "node:net";
import Fastify from "fastify";
import type { Registry } from "prom-client";

/** Nothing here is secret, but nothing here is for the street either. */
const LOOPBACK = "127.0.0.1";

const SERVICE_UNAVAILABLE = 503;

export type HealthModules = {
  /** Why this node is not ready; empty when it is. */
  faults: () => string[];
  registry: Registry;
};

/** `close` also ends requests that are open. */
export type HealthServer = { port: number; close(): Promise<void> };

/**
 * `/health`: this process answers. `/ready`: an envelope sent now would be made durable and acknowledged; else 503 with
 * the reasons. `/metrics`: Prometheus text.
 */
export async function listenForHealth(port: number, modules: HealthModules): Promise<HealthServer> {
  const server = Fastify({ forceCloseConnections: true });
  server.get("/health", async () => ({ isUp: true }));
  server.get("/ready", async (_request, reply) => {
    const faults = modules.faults();
    const isReady = faults.length === 0;
    if (!isReady) reply.code(SERVICE_UNAVAILABLE);
    return { isReady, faults };
  });
  server.get("/metrics", async (_request, reply) => {
    reply.type(modules.registry.contentType);
    return modules.registry.metrics();
  });
  await server.listen({ host: LOOPBACK, port });
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() };
}
