/** `node cloud/dapp/build.ts [DIRECTORY]`: builds the web app, to `dist` beside this file unless told otherwise. */
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildApp } from "./src/index.ts";

const directory = process.argv[2] ?? fileURLToPath(new URL("dist/", import.meta.url));
mkdirSync(directory, { recursive: true });
await buildApp(directory);
