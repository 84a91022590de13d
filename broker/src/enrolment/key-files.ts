import { type Disk, SEED_BYTES, type SigningKey, signingKeyFromSeed } from "@gridpact/host";
import {
  type Authority,
  type IssuingModules,
  issueAuthority,
  issueCertificate,
  type MspId,
  type Validity,
} from "@gridpact/ledger";

/** A key with the certificate that an authority issued for it. */
export type CertifiedKey = { key: SigningKey; certificatePem: string };

/** The disk keeps seeds in the clear, in files that only their owner reads (mode 0600). */
export type KeyFileModules = IssuingModules & { disk: Disk };

const AUTHORITY_PATH = "keys/authority.json";
const SERVER_PATH = "keys/server.json";
const STATEMENT_PATH = "keys/statements.json";

/**
 * The organisation's certificate authority as kept on this disk, made at the first call. Nodes of one organisation are
 * rather given the same authority, since a ledger knows one for each organisation.
 */
export async function openAuthority(
  options: { mspId: MspId; validity: Validity },
  modules: KeyFileModules,
): Promise<Authority> {
  const { mspId, validity } = options;
  const issue = (key: SigningKey) => issueAuthority({ mspId, key, validity }, modules).certificatePem;
  return { mspId, ...(await openKey(AUTHORITY_PATH, modules, issue)) };
}

/** The TLS key of this virtual node's servers, made at the first call. Names are DNS names or IPv4 addresses. */
export async function openServerKey(
  options: { authority: Authority; vnId: string; serverNames: string[]; validity: Validity },
  modules: KeyFileModules,
): Promise<CertifiedKey> {
  const { authority, vnId, serverNames, validity } = options;
  // A name that no device can have: the certificate must never pass for a device's.
  const request = { authority, commonName: `server.${vnId}`, kind: "client", serverNames, validity } as const;
  return openKey(SERVER_PATH, modules, ({ publicKey }) => issueCertificate({ ...request, publicKey }, modules));
}

/** The key that this virtual node speaks to devices with, beside its TLS key; made at the first call. */
export async function openStatementKey(
  options: { authority: Authority; vnId: string; validity: Validity },
  modules: KeyFileModules,
): Promise<CertifiedKey> {
  const { authority, vnId, validity } = options;
  // By this name devices know who speaks; ids of nodes and devices have no dot.
  const request = { authority, commonName: `node.${vnId}`, kind: "client", validity } as const;
  return openKey(STATEMENT_PATH, modules, ({ publicKey }) => issueCertificate({ ...request, publicKey }, modules));
}

/** One file for key and certificate, so that they always belong together. */
async function openKey(
  path: string,
  { disk, random }: KeyFileModules,
  issue: (key: SigningKey) => string,
): Promise<CertifiedKey> {
  const bytes = await disk.read(path);
  if (bytes !== undefined) {
    const { seedHex, certificatePem } = JSON.parse(Buffer.from(bytes).toString()) as KeptKey;
    return { key: signingKeyFromSeed(Buffer.from(seedHex, "hex")), certificatePem };
  }
  const seed = random.bytes(SEED_BYTES);
  const key = signingKeyFromSeed(seed);
  const kept: KeptKey = { seedHex: Buffer.from(seed).toString("hex"), certificatePem: issue(key) };
  await disk.replace(path, Buffer.from(JSON.stringify(kept)));
  return { key, certificatePem: kept.certificatePem };
}

type KeptKey = { seedHex: string; certificatePem: string };
