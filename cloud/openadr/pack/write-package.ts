import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What of the workspace's manifest a user of the package sees; the rest is about working on it. */
const KEPT = ["name", "version", "description", "keywords", "license", "type", "engines", "dependencies"] as const;

const WORKSPACE = join(import.meta.dirname, "..");

/**
 * Writes the package as others install it: JavaScript with types, as Node strips no types below `node_modules`. The
 * folder is ready for `npm pack` or `npm publish`. Throws when the compiler finds a fault.
 */
export function writePackage(folder: string): void {
  const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
  const project = join(import.meta.dirname, "tsconfig.json");
  execFileSync(process.execPath, [compiler, "-p", project, "--outDir", join(folder, "dist")], { stdio: "pipe" });
  // The code finds the specification beside itself.
  cpSync(join(WORKSPACE, "src/oadr3/specification"), join(folder, "dist/oadr3/specification"), { recursive: true });
  for (const document of ["README.md", "RULES.md"]) cpSync(join(WORKSPACE, document), join(folder, document));
  cpSync(join(WORKSPACE, "../../LICENSE"), join(folder, "LICENSE"));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify(publishedManifest(), null, 2)}\n`);
}

function publishedManifest(): object {
  const manifest = JSON.parse(readFileSync(join(WORKSPACE, "package.json"), "utf8")) as Record<string, unknown>;
  const kept = Object.fromEntries(KEPT.map((name) => [name, manifest[name]]));
  const exports = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } };
  return { ...kept, exports, files: ["dist", "README.md", "RULES.md", "LICENSE"] };
}
