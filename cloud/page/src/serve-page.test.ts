import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import Fastify from "fastify";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serveApp, servePage } from "./serve-page.ts";

let directory: URL;

beforeEach(() => {
  directory = pathToFileURL(`${mkdtempSync(join(tmpdir(), "gridpact-page-"))}/`);
  writeFileSync(new URL("index.html", directory), "<head><!-- import map --></head>");
  writeFileSync(new URL("own.js", directory), "export const own = 1;");
  writeFileSync(new URL("secret.js", directory), "not for browsers");
});

afterEach(() => rmSync(directory, { recursive: true }));

function served(files: readonly string[] = ["own.js"]) {
  const app = Fastify();
  servePage(app, { directory, files });
  return app;
}

describe("a served page", () => {
  it.each([
    ["/", "text/html"],
    ["/own.js", "text/javascript"],
    ["/page.css", "text/css"],
    ["/elements.js", "text/javascript"],
    ["/amounts.js", "text/javascript"],
  ])("has %s as %s, framed by nobody and asked for anew each time", async (url, type) => {
    const answer = await served().inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-cache" });
    expect(answer.headers["content-type"]).toContain(type);
    expect(answer.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  it("resolves the shared scripts by an import map, the only inline script that its policy allows", async () => {
    const { body, headers } = await served().inject("/");
    const map = /<script type="importmap">(.*)<\/script>/.exec(body)?.[1] ?? "";
    const policy = headers["content-security-policy"];
    expect(policy).toContain(`script-src 'self' 'sha256-${createHash("sha256").update(map).digest("base64")}'`);
    for (const path of Object.values(JSON.parse(map).imports)) {
      expect((await served().inject(String(path))).statusCode).toBe(200);
    }
  });

  it.each(["/secret.js", "/../secret.js", "/index.html", "/%2e%2e/package.json"])("has no %s", async (url) => {
    expect((await served().inject(url)).statusCode).toBe(404);
  });

  it("refuses to begin without one of its files, without a type for it, or without a place for the map", () => {
    expect(() => served(["missing.js"])).toThrow("ENOENT");
    writeFileSync(new URL("own.exe", directory), "");
    expect(() => served(["own.exe"])).toThrow("no files that end with .exe");
    writeFileSync(new URL("index.html", directory), "<head></head>");
    expect(() => served()).toThrow("must hold <!-- import map -->");
  });
});

describe("a served app", () => {
  const app = () => {
    const server = Fastify();
    serveApp(server, "/app/", { directory, files: ["index.html", "own.js"], texts: { "trust.json": '{"a":1}' } });
    return server;
  };

  it.each([
    ["/app/", "text/html"],
    ["/app/own.js", "text/javascript"],
    ["/app/trust.json", "application/json"],
  ])("has %s as %s, by the policy of every page", async (url, type) => {
    const answer = await app().inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers["content-type"]).toContain(type);
    expect(answer.headers["content-security-policy"]).toContain("default-src 'self'");
  });

  it.each(["/", "/app", "/app/secret.js", "/app/index.html", "/own.js"])("has no %s", async (url) => {
    expect((await app().inject(url)).statusCode).toBe(404);
  });
});
