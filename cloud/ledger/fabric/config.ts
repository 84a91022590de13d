import type { BinarySources } from "./binaries.ts";

/** Where the programs of Fabric are: in the directory that FABRIC_BIN names, or else on the search path. */
export function fabricSources(): BinarySources {
  const directory = process.env["FABRIC_BIN"];
  return { directory: directory === "" ? undefined : directory, searchPath: process.env["PATH"] ?? "" };
}
