import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import {
  certificateFingerprint,
  createThrowAwayAuthority,
  type Fingerprint,
  type TlsMaterial,
} from "@gridpact/openadr";
import type { DataDirectory } from "../process/data-directory.ts";

/**
 * OpenADR wants keys on P-256 or of RSA, which the consortium's Ed25519 identities are not; so the parties of the
 * demonstration have a second certificate each, of an authority that forgets its key.
 */
const DIRECTORY = "openadr";
const AUTHORITY = "authority.crt";

const OWNER_ONLY = 0o600;

/** Makes a certificate for each party unless there are some; parties are servers under `serverNames`. */
export function makeOpenAdrFiles(
  data: DataDirectory,
  { parties, serverNames }: { parties: readonly string[]; serverNames: readonly string[] },
): void {
  if (existsSync(data.at(DIRECTORY, AUTHORITY))) return;
  mkdirSync(data.at(DIRECTORY), { recursive: true, mode: 0o700 });
  const authority = createThrowAwayAuthority("Gridpact OpenADR");
  for (const party of parties) {
    const { certificatePem, privateKeyPem } = authority.issue(party, { serverNames });
    writeFileSync(data.at(DIRECTORY, `${party}.crt`), certificatePem);
    writeFileSync(data.at(DIRECTORY, `${party}.key`), privateKeyPem, { mode: OWNER_ONLY });
  }
  // Last, as it says that all are there.
  writeFileSync(data.at(DIRECTORY, AUTHORITY), authority.caPem);
}

/** A party's certificate, key and authority. */
export function readOpenAdrFiles(data: DataDirectory, party: string): TlsMaterial {
  return {
    certificatePem: readFileSync(data.at(DIRECTORY, `${party}.crt`), "utf8"),
    privateKeyPem: readFileSync(data.at(DIRECTORY, `${party}.key`), "utf8"),
    caPem: readFileSync(data.at(DIRECTORY, AUTHORITY), "utf8"),
  };
}

/** By which the other party knows a party. */
export function openAdrFingerprint(data: DataDirectory, party: string): Fingerprint {
  return certificateFingerprint(readFileSync(data.at(DIRECTORY, `${party}.crt`), "utf8"));
}
