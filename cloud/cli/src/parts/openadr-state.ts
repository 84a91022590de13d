import { mkdirSync } from "node:fs";
import type { DataDirectory } from "../process/data-directory.ts";

/** The profiles that requests can travel by. */
export const OPENADR_PROFILES = ["2.0b", "3.1"] as const;
/** One of `OPENADR_PROFILES`. */
export type OpenAdrProfile = (typeof OPENADR_PROFILES)[number];

/** Where a party's VTN or VEN keeps what is durable. */
export function openAdrStatePath(data: DataDirectory, party: string, file: string): string {
  mkdirSync(data.at("openadr", "state", party), { recursive: true, mode: 0o700 });
  return data.at("openadr", "state", party, file);
}
