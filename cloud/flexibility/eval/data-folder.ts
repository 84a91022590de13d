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
  const found = valueAt(references, keys);
  return typeof found === "number" ? found : null;
}

/** The text at a path of keys, or `null` where there is none. */
export function textAt(references: References, ...keys: readonly string[]): string | null {
  const found = valueAt(references, keys);
  return typeof found === "string" ? found : null;
}

/** The names of the entries at a path of keys. */
export function namesAt(references: References, ...keys: readonly string[]): string[] {
  const found = valueAt(references, keys);
  return typeof found === "object" && found !== null ? Object.keys(found) : [];
}

function valueAt(references: References, keys: readonly string[]): References[string] {
  let found: References[string] = references;
  for (const key of keys) {
    if (typeof found !== "object" || found === null) return undefined;
    found = found[key];
  }
  return found;
}
