import { readFileSync } from "node:fs";
import type { FastifyInstance } from "fastify";

/** The live page's files by path: three files and no directory, so there is nothing to traverse. */
const FILES = {
  "/": { name: "index.html", type: "text/html; charset=utf-8" },
  "/live.css": { name: "live.css", type: "text/css; charset=utf-8" },
  "/live.js": { name: "live.js", type: "text/javascript; charset=utf-8" },
  "/chart.js": { name: "chart.js", type: "text/javascript; charset=utf-8" },
} as const;

/** Everything comes from this server and nothing from outside; the page cannot be framed. */
const SECURITY_HEADERS = {
  "content-security-policy": "default-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
};

/** Serves the live page, read once at the start. */
export function installPage(app: FastifyInstance): void {
  for (const [path, { name, type }] of Object.entries(FILES)) {
    const content = readFileSync(new URL(`../../page/${name}`, import.meta.url));
    app.get(path, { schema: { hide: true } }, async (_, reply) => {
      return reply.headers(SECURITY_HEADERS).header("cache-control", "no-cache").type(type).send(content);
    });
  }
}
