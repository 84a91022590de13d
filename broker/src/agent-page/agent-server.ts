import type { AddressInfo } from "node:net";
import { type BuiltApp, type Page, serveApp, servePage } from "@gridpact/page";
import Fastify, { type FastifyInstance } from "fastify";
import { agentMetrics } from "./agent-metrics.ts";
import { type AgentViewModules, agentView, choiceView, prosumerView } from "./agent-view.ts";

/** Who is behind a device is in here: this page is for the node's own operator. */
const LOOPBACK = "127.0.0.1";

const NOT_FOUND = 404;

const PAGE: Page = {
  directory: new URL("../../page/", import.meta.url),
  files: ["agent.css", "agent.js", "agent-model.js"],
};

/** `port` is the one it got, where any free one was asked for by 0; `close` also ends requests that are open. */
export type AgentServer = { port: number; close(): Promise<void> };

/**
 * The page of a node's mind, on loopback: `/`, its data under `/api/v1/`, `/metrics`.
 * @param receiptApp - The app that checks receipts, under `/receipts/`; without it there is none
 */
export async function listenForAgentPage(
  port: number,
  modules: AgentViewModules,
  receiptApp?: BuiltApp,
): Promise<AgentServer> {
  const app = agentApp(modules);
  if (receiptApp !== undefined) serveApp(app, "/receipts/", receiptApp);
  await app.listen({ host: LOOPBACK, port });
  return { port: (app.server.address() as AddressInfo).port, close: () => app.close() };
}

/** The same as an application; tests inject requests into it. */
export function agentApp(modules: AgentViewModules): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  servePage(app, PAGE);
  const registry = agentMetrics(modules);
  app.get("/metrics", async (_, reply) => reply.type(registry.contentType).send(await registry.metrics()));
  app.get("/api/v1/agent", async () => agentView(modules));
  app.get<{ Params: { id: string } }>("/api/v1/prosumers/:id", async ({ params }, reply) =>
    foundOr404(await prosumerView(params.id, modules), reply),
  );
  app.get<{ Params: { id: string } }>("/api/v1/choices/:id", async ({ params }, reply) =>
    foundOr404(await choiceView(params.id, modules), reply),
  );
  return app;
}

type Reply = { code(status: number): Reply; type(mime: string): Reply; send(body: string): unknown };

/** Energy and money as decimal text, since a JSON number does not keep them exactly. */
function foundOr404(view: unknown, reply: Reply): unknown {
  const json = reply.type("application/json; charset=utf-8");
  if (view === undefined) return json.code(NOT_FOUND).send('{"code":"UNKNOWN"}');
  return json.send(textOf(view));
}

function textOf(view: unknown): string {
  return JSON.stringify(view, (_, value) => (typeof value === "bigint" ? value.toString() : value));
}
