import { createPrivateKey, type KeyObject } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { SEED_BYTES, signingKeyFromSeed } from "@gridpact/host";
import {
  type Authority,
  type AuthorityKey,
  type IssuingModules,
  issueAuthority,
  issueCertificate,
  type MspId,
  type NodeKind,
  type P256Key,
  p256KeyFrom,
  p256KeyOf,
  type Validity,
} from "../src/identity/index.ts";
import { CHANNEL_NAME } from "../src/index.ts";
import type { Consortium } from "../src/protocol/index.ts";
import { ENDORSING_ORGANISATIONS_MIN } from "./configtx.ts";
import type { FabricPaths } from "./paths.ts";
import { type FabricTopology, serverNamesOf } from "./topology.ts";

/** `validity` holds for everything that is issued; what is there already is left as it is. */
export type MaterialRequest = {
  paths: FabricPaths;
  topology: FabricTopology;
  authorities: ReadonlyMap<MspId, Authority>;
  validity: Validity;
};

const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;

/** An organisation's two authorities: SmartBFT takes a consenter only when its issuer has a P-256 key as well. */
type Organisation = { mspId: MspId; authority: Authority; consenterAuthority: Authority<P256Key> };

/**
 * Issues every certificate that the nodes of the network need and that is not there yet, each in the place where Fabric
 * looks for it. Consenters and TLS have P-256 keys, as SmartBFT and Fabric's TLS ask for; peers and people Ed25519.
 */
export function writeMaterial(request: MaterialRequest, modules: IssuingModules): void {
  const { paths, topology } = request;
  const organisations = openOrganisations(request, modules);
  const trustedPem = organisations.map(({ authority }) => authority.certificatePem).join("");
  for (const organisation of organisations) {
    const { mspId, authority } = organisation;
    writeMsp(paths.organisationMsp(mspId), organisation, undefined);
    const issued = issueEd25519(request, { authority, name: "administrator", kind: "admin" }, modules);
    writeMsp(paths.administratorMsp(mspId), organisation, issued);
  }
  for (const { name, mspId, host } of topology.orderers) {
    const organisation = organisationOf(organisations, mspId);
    const { authority, consenterAuthority } = organisation;
    const subject: Subject = { authority: consenterAuthority, name, kind: "orderer" };
    writeMsp(paths.nodeMsp(name), organisation, issueP256(request, subject, modules));
    writeTls(request, { authority, name, host, trustedPem }, modules);
  }
  for (const { name, mspId, host, chaincode } of topology.peers) {
    const organisation = organisationOf(organisations, mspId);
    const { authority } = organisation;
    writeMsp(paths.nodeMsp(name), organisation, issueEd25519(request, { authority, name, kind: "peer" }, modules));
    writeTls(request, { authority, name, host, trustedPem }, modules);
    // A peer and its contracts' server trust their own organisation, and nobody else, to be each other.
    const server = { authority, name: chaincode.name, host: chaincode.host, trustedPem: authority.certificatePem };
    writeTls(request, server, modules);
  }
}

function openOrganisations(request: MaterialRequest, modules: IssuingModules): Organisation[] {
  return [...request.authorities].map(([mspId, authority]) => {
    const paths = request.paths.consenterAuthority(mspId);
    if (!existsSync(paths.certificate)) writeConsenterAuthority(request, mspId, modules);
    const key = p256KeyOf(createPrivateKey(readFileSync(paths.privateKey, "utf8")));
    const certificatePem = readFileSync(paths.certificate, "utf8");
    return { mspId, authority, consenterAuthority: { mspId, certificatePem, key } };
  });
}

function writeConsenterAuthority({ paths, validity }: MaterialRequest, mspId: MspId, modules: IssuingModules): void {
  const key = p256KeyFrom(modules.random);
  const commonName = `consenters.${mspId}`;
  const { certificatePem } = issueAuthority({ mspId, key, commonName, validity }, modules);
  const files = paths.consenterAuthority(mspId);
  mkdirSync(dirname(files.certificate), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  writeFileSync(files.privateKey, pkcs8Of(key.privateKey), { mode: OWNER_ONLY });
  writeFileSync(files.certificate, certificatePem, { mode: OWNER_ONLY });
}

/** The consortium as a verifier of receipts has to know it: authorities and consenters, in the order of their ids. */
export function fabricConsortium(request: Pick<MaterialRequest, "paths" | "topology" | "authorities">): Consortium {
  const { paths, topology, authorities } = request;
  return {
    channelName: CHANNEL_NAME,
    organisations: [...authorities.values()].map(({ mspId, certificatePem }) => ({
      mspId,
      authorityPem: certificatePem,
    })),
    orderers: topology.orderers.map(({ name, mspId }) => ({
      mspId,
      certificatePem: readFileSync(join(paths.nodeMsp(name), "signcerts", CERTIFICATE_FILE), "utf8"),
    })),
    endorsingOrganisationsMin: ENDORSING_ORGANISATIONS_MIN,
  };
}

/** Names of an MSP's own certificate and key, in `signcerts` and `keystore`. */
export const CERTIFICATE_FILE = "certificate.pem";
/** In the `keystore` of nodes and administrators alone; of people the network has no keys. */
export const KEY_FILE = "key.pem";

type Issued = { certificatePem: string; privateKeyPem: string };

type Subject = { authority: Authority<AuthorityKey>; name: string; kind: NodeKind; serverNames?: string[] };

function issueEd25519({ validity }: MaterialRequest, subject: Subject, modules: IssuingModules): () => Issued {
  return () => {
    const key = signingKeyFromSeed(modules.random.bytes(SEED_BYTES));
    const { name: commonName, ...rest } = subject;
    const certificatePem = issueCertificate({ ...rest, commonName, publicKey: key.publicKey, validity }, modules);
    return { certificatePem, privateKeyPem: pkcs8Of(key.privateKey) };
  };
}

function issueP256({ validity }: MaterialRequest, subject: Subject, modules: IssuingModules): () => Issued {
  return () => {
    const { publicKey, privateKey } = p256KeyFrom(modules.random);
    const { name: commonName, ...rest } = subject;
    const certificatePem = issueCertificate({ ...rest, commonName, publicKey, validity }, modules);
    return { certificatePem, privateKeyPem: pkcs8Of(privateKey) };
  };
}

function pkcs8Of(key: KeyObject): string {
  return key.export({ format: "pem", type: "pkcs8" }).toString();
}

/** An MSP directory as Fabric reads it; what exists is left alone, as others know the node by it. */
function writeMsp(directory: string, organisation: Organisation, issue: (() => Issued) | undefined): void {
  if (existsSync(join(directory, "config.yaml"))) return;
  const write = (folder: string, file: string, text: string) => {
    mkdirSync(join(directory, folder), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
    writeFileSync(join(directory, folder, file), text, { mode: OWNER_ONLY });
  };
  write("cacerts", AUTHORITY_FILE, organisation.authority.certificatePem);
  write("cacerts", CONSENTER_AUTHORITY_FILE, organisation.consenterAuthority.certificatePem);
  write("tlscacerts", AUTHORITY_FILE, organisation.authority.certificatePem);
  if (issue !== undefined) {
    const { certificatePem, privateKeyPem } = issue();
    write("signcerts", CERTIFICATE_FILE, certificatePem);
    write("keystore", KEY_FILE, privateKeyPem);
  }
  write(".", "config.yaml", JSON.stringify(nodeUnits(), null, 2));
}

const AUTHORITY_FILE = "authority.pem";
const CONSENTER_AUTHORITY_FILE = "consenter-authority.pem";

/** Which organisational unit, certified by which authority, makes a peer, an orderer, an administrator or a client. */
function nodeUnits(): object {
  const unit = (name: NodeKind, file = AUTHORITY_FILE) => ({
    Certificate: `cacerts/${file}`,
    OrganizationalUnitIdentifier: name,
  });
  return {
    NodeOUs: {
      Enable: true,
      ClientOUIdentifier: unit("client"),
      PeerOUIdentifier: unit("peer"),
      AdminOUIdentifier: unit("admin"),
      OrdererOUIdentifier: unit("orderer", CONSENTER_AUTHORITY_FILE),
    },
  };
}

function writeTls(
  request: MaterialRequest,
  server: { authority: Authority; name: string; host: string; trustedPem: string },
  modules: IssuingModules,
): void {
  const { authority, name, host, trustedPem } = server;
  const paths = request.paths.nodeTls(name);
  if (existsSync(paths.authorities)) return;
  const subject: Subject = { authority, name, kind: "client", serverNames: serverNamesOf(host) };
  const { certificatePem, privateKeyPem } = issueP256(request, subject, modules)();
  mkdirSync(dirname(paths.authorities), { recursive: true, mode: OWNER_ONLY_DIRECTORY });
  writeFileSync(paths.certificate, certificatePem, { mode: OWNER_ONLY });
  writeFileSync(paths.privateKey, privateKeyPem, { mode: OWNER_ONLY });
  writeFileSync(paths.authorities, trustedPem, { mode: OWNER_ONLY });
}

function organisationOf(organisations: readonly Organisation[], mspId: MspId): Organisation {
  const organisation = organisations.find((candidate) => candidate.mspId === mspId);
  if (organisation === undefined) throw new TypeError(`no organisation ${mspId}`);
  return organisation;
}
