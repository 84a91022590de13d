import type { FastifyInstance } from "fastify";
import { sendProblem } from "./problem.ts";

const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Refuses requests that a browser makes under another name: a web page whose name suddenly points to this machine (DNS
 * rebinding) would otherwise be of the same origin as an API without login.
 */
export function installHostCheck(app: FastifyInstance): void {
  app.addHook("onRequest", async (request, reply) => {
    if (LOOPBACK_NAMES.has(nameIn(request.headers.host ?? ""))) return;
    const title = "This server does not go by that name";
    await sendProblem(request, reply, { status: 421, code: "MISDIRECTED", title, detail: "use localhost" });
  });
}

/** A Host header without its port. [RFC9110 s.7.2] */
function nameIn(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}
