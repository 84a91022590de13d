import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Reference results as published beside the data: nested records of numbers. */
export type References = { readonly [key: string]: References | number | string | null | undefined };

/** The references of a folder; empty where it has none, so that unscored data is still evaluated. */
export function readReferences(dataDir: string): References {
  const path = join(dataDir, "references.json");
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as References) : {};
}

/** The number at a path of keys, or `null` where there is none. */
export function referenceAt(references: References, ...keys: readonly string[]): number | null {
  let found: References | number | string | null | undefined = references;
  for (const key of keys) {
    if (typeof found !== "object" || found === null) return null;
    found = found[key];
  }
  return typeof found === "number" ? found : null;
}
