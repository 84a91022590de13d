import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import type { FastifyInstance } from "fastify";

/** One page: a folder with `index.html`, and the further files of it that a browser may have. */
export type Page = { directory: URL; files: readonly string[] };

const SHARED = new URL("../page/", import.meta.url);

/** Served beside every page. The scripts are imported by their names in `exports`, which the import map resolves. */
const SHARED_FILES = ["page.css", "amounts.js", "elements.js"] as const;

const IMPORT_MAP = JSON.stringify({
  imports: { "@gridpact/page/amounts.js": "/amounts.js", "@gridpact/page/elements.js": "/elements.js" },
});

/** Where a page wants the import map: a browser must have read it before the first module. */
const IMPORT_MAP_PLACE = "<!-- import map -->";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
};

/** Of the one inline script that there is. */
const IMPORT_MAP_HASH = createHash("sha256").update(IMPORT_MAP).digest("base64");

/** All comes from this server and nothing from outside, the one inline script is the map, and nobody may frame it. */
const SECURITY_HEADERS = {
  "content-security-policy":
    `default-src 'self'; script-src 'self' 'sha256-${IMPORT_MAP_HASH}'; ` +
    "img-src data:; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  // Asked for again each time: an upgraded host must not be looked at through yesterday's script.
  "cache-control": "no-cache",
};

/**
 * Serves a page at `/` and its files beside it, read once, now. Each has a route of its own, so there is no path to
 * traverse.
 * @throws Error when a file is missing, or `index.html` has no place for the import map
 */
export function servePage(app: FastifyInstance, { directory, files }: Page): void {
  serve(app, "/", ".html", withImportMap(readFileSync(new URL("index.html", directory), "utf8")));
  for (const name of files) serve(app, `/${name}`, extname(name), readFileSync(new URL(name, directory), "utf8"));
  for (const name of SHARED_FILES) serve(app, `/${name}`, extname(name), readFileSync(new URL(name, SHARED), "utf8"));
}

/** An app that was built: its files, and by name those texts that its server has to say itself. */
export type BuiltApp = Page & { texts: Readonly<Record<string, string>> };

/**
 * Serves a built app, whose scripts need no import map, under a path of its own: `index.html` at the path itself, the
 * other files below it. Read once, now.
 * @throws Error when a file is missing
 */
export function serveApp(app: FastifyInstance, path: `/${string}/`, { directory, files, texts }: BuiltApp): void {
  for (const name of files) {
    const content = readFileSync(new URL(name, directory), "utf8");
    serve(app, name === "index.html" ? path : `${path}${name}`, extname(name), content);
  }
  for (const [name, text] of Object.entries(texts)) serve(app, `${path}${name}`, extname(name), text);
}

function serve(app: FastifyInstance, path: string, extension: string, content: string): void {
  const type = TYPES[extension];
  if (type === undefined) throw new TypeError(`a page has no files that end with ${extension}`);
  app.get(path, { schema: { hide: true } }, async (_, reply) =>
    reply.headers(SECURITY_HEADERS).type(type).send(content),
  );
}

function withImportMap(html: string): string {
  if (!html.includes(IMPORT_MAP_PLACE)) throw new TypeError(`index.html must hold ${IMPORT_MAP_PLACE}`);
  return html.replace(IMPORT_MAP_PLACE, `<script type="importmap">${IMPORT_MAP}</script>`);
}
