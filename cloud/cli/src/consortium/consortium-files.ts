import { createPrivateKey } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signingKeyFromSeed } from "@gridpact/host";
import type { Authority, MspId } from "@gridpact/ledger";
import type { DataDirectory } from "../process/data-directory.ts";
import { channelConsortium } from "./channel-consortium.ts";
import type { Consortium, Identity } from "./consortium.ts";

const DIRECTORY = "consortium";
const TRUST_FILE = "trust.json";

type StoredIdentity = { mspId: MspId; certificatePem: string; privateKeyPem: string };

/** Writes authorities, members and the public trust file; private keys are readable by their owner only. */
export function writeConsortium(data: DataDirectory, consortium: Consortium): void {
  for (const [mspId, authority] of consortium.authorities) writeIdentity(data, "authorities", mspId, authority);
  for (const [name, identity] of consortium.members) writeIdentity(data, "members", name, identity);
  // What a verifier has to have from somewhere it trusts. Public; may be handed to anyone.
  writeFileSync(trustPath(data), `${JSON.stringify(channelConsortium(consortium), null, 2)}\n`);
}

/** By the trust file, which is written last: half a consortium is none, and is made anew. */
export function hasConsortium(data: DataDirectory): boolean {
  return existsSync(trustPath(data));
}

/** Public, and all that a verifier needs; `gridpact fabric up` writes it anew for the network. */
export function trustPath(data: DataDirectory): string {
  return data.at(DIRECTORY, TRUST_FILE);
}

/**
 * With everybody's private keys, so for commands of an operator alone. @throws Error of the system where there is none
 */
export function readConsortium(data: DataDirectory): Consortium {
  const authorities = readIdentities(data, "authorities") as [MspId, Authority][];
  return { authorities: new Map(authorities), members: new Map(readIdentities(data, "members")) };
}

const OWNER_ONLY = 0o600;

function writeIdentity(data: DataDirectory, kind: string, name: string, identity: Identity | Authority): void {
  const directory = data.at(DIRECTORY, kind);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const stored: StoredIdentity = {
    mspId: identity.mspId as MspId,
    certificatePem: identity.certificatePem,
    privateKeyPem: privateKeyPem(identity),
  };
  writeFileSync(join(directory, `${name}.json`), JSON.stringify(stored, null, 2), { mode: OWNER_ONLY });
}

/** Private key as PKCS #8 PEM, the form that TLS wants. */
export function privateKeyPem({ key }: Pick<Identity, "key">): string {
  return key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();
}

function readIdentities(data: DataDirectory, kind: string): [string, Identity][] {
  const directory = data.at(DIRECTORY, kind);
  return readdirSync(directory)
    .sort()
    .map((file) => {
      const stored = JSON.parse(readFileSync(join(directory, file), "utf8")) as StoredIdentity;
      const jwk = createPrivateKey(stored.privateKeyPem).export({ format: "jwk" });
      const key = signingKeyFromSeed(Buffer.from(jwk.d ?? "", "base64url"));
      const { mspId, certificatePem } = stored;
      return [file.replace(/\.json$/, ""), { mspId, certificatePem, key }];
    });
}
