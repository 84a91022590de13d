import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type InputOptions, type LogLevel, type RolldownLog } from "rolldown";

const FOLDER = new URL("../", import.meta.url);

const pathOf = (name: string) => fileURLToPath(new URL(name, FOLDER));

/**
 * What a browser has in the place of a module of Node.js. All else is the very code that `gridpact verify` runs.
 * `node:zlib` is not among them: a browser unpacks by itself, and what nobody uses is left out.
 */
const STAND_INS = {
  "@grpc/grpc-js": pathOf("stand-ins/grpc-js.js"),
  "fabric-contract-api": pathOf("stand-ins/fabric-contract-api.js"),
  "node:assert/strict": pathOf("stand-ins/node-assert.js"),
  "node:crypto": fileURLToPath(import.meta.resolve("@gridpact/ledger/browser-crypto")),
  "node:module": pathOf("stand-ins/node-module.js"),
};

const OPTIONS: InputOptions = {
  platform: "browser",
  resolve: { alias: STAND_INS },
  external: ["node:zlib"],
  onLog: refuse,
  // Verification works on bytes by way of Buffer; this one is an Uint8Array just as Node's.
  transform: {
    inject: { Buffer: [pathOf("stand-ins/buffer.js"), "Buffer"] },
    define: { "import.meta.resolve": "String", global: "globalThis" },
  },
  // What makes keys and signs is not there; it lies in modules that verification passes by.
  shimMissingExports: true,
  treeshake: {
    // Modules of ours only define things; those that do more are used for what they define as well.
    moduleSideEffects: (id: string) => id.includes("node_modules") || id.includes("stand-ins"),
  },
};

/** A warning may be a module of Node.js that slipped in: it would fail in a browser, and only there. */
function refuse(_: LogLevel, log: RolldownLog): void {
  if (log.code !== "SHIMMED_EXPORT") throw new Error(log.message);
}

/**
 * Builds one script of modules, which needs nothing from elsewhere: a plain script, no module, so that a browser takes
 * it from a folder on disk as well as from a server.
 * @param entry - Path of the first module
 * @param file - Where to write
 * @param globalName - Under which the first module's exports can be had; none unless given
 * @throws Error of rolldown when a module is missing or does not parse
 */
export async function buildScript(entry: string, file: string, globalName?: string): Promise<void> {
  const name = globalName === undefined ? {} : { name: globalName };
  await build({ ...OPTIONS, input: entry, output: { file, format: "iife", minify: true, ...name } });
}

/** Files of the built app, beside each other in one folder. */
export const APP_FILES = ["index.html", "app.js", "app.css", "page.css"] as const;

/** Builds the app into a folder, from which it runs with or without a server. */
export async function buildApp(directory: string): Promise<void> {
  await buildScript(pathOf("page/app.js"), join(directory, "app.js"));
  copyFileSync(pathOf("page/index.html"), join(directory, "index.html"));
  copyFileSync(pathOf("page/app.css"), join(directory, "app.css"));
  copyFileSync(fileURLToPath(import.meta.resolve("@gridpact/page/page.css")), join(directory, "page.css"));
}
