import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { systemRandom } from "@gridpact/host";
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

/** Of a client secret for 3.1: 192 bits. */
const SECRET_BYTES = 24;

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
    const secret = Buffer.from(systemRandom.bytes(SECRET_BYTES)).toString("base64url");
    writeFileSync(data.at(DIRECTORY, `${party}.secret`), secret, { mode: OWNER_ONLY });
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

/** Where a party's certificate and key lie. */
export function openAdrPaths(data: DataDirectory, party: string): { certificatePath: string; privateKeyPath: string } {
  return { certificatePath: data.at(DIRECTORY, `${party}.crt`), privateKeyPath: data.at(DIRECTORY, `${party}.key`) };
}

/** What a party proves itself with where it is client of a 3.1 VTN. */
export function readOpenAdrSecret(data: DataDirectory, party: string): string {
  return readFileSync(data.at(DIRECTORY, `${party}.secret`), "utf8");
}

/** By which the other party knows a party. */
export function openAdrFingerprint(data: DataDirectory, party: string): Fingerprint {
  return certificateFingerprint(readFileSync(data.at(DIRECTORY, `${party}.crt`), "utf8"));
}
