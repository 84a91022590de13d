import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCertificate } from "../src/identity/index.ts";
import { fabricConsortium, writeMaterial } from "./material.ts";
import { fabricFiles } from "./test/fabric-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "gridpact-fabric-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const certificateIn = (directory: string, file = "signcerts/certificate.pem") =>
  readCertificate(readFileSync(join(directory, file), "utf8"));

test("consenters have P-256 certificates of a P-256 authority; peers Ed25519 ones of the organisation's own", () => {
  const { paths } = fabricFiles(folder);
  const consenter = certificateIn(paths.nodeMsp("orderer-vn"));
  const issuer = certificateIn(paths.nodeMsp("orderer-vn"), "cacerts/consenter-authority.pem");
  expect([consenter, issuer].map(({ publicKey }) => publicKey.asymmetricKeyType)).toEqual(["ec", "ec"]);
  expect(consenter.x509.verify(issuer.publicKey)).toBe(true);
  const peer = certificateIn(paths.nodeMsp("peer-vn"));
  const authority = certificateIn(paths.nodeMsp("peer-vn"), "cacerts/authority.pem");
  expect([peer, authority].map(({ publicKey }) => publicKey.asymmetricKeyType)).toEqual(["ed25519", "ed25519"]);
  expect(peer.x509.verify(authority.publicKey)).toBe(true);
  expect([consenter, peer].map(({ organisationalUnit }) => organisationalUnit)).toEqual(["orderer", "peer"]);
});

test("only an organisation's own nodes and administrator have keys, for their owner alone", () => {
  const { paths } = fabricFiles(folder);
  expect(readdirSync(paths.organisationMsp("VnMSP"))).not.toContain("keystore");
  for (const directory of [paths.nodeMsp("peer-vn"), paths.administratorMsp("VnMSP")]) {
    expect(statSync(join(directory, "keystore", "key.pem")).mode & 0o077).toBe(0);
  }
});

test("a TLS server has the name of its host, and its contracts' server trusts its own organisation alone", () => {
  const { paths, authorities } = fabricFiles(folder);
  const tls = readCertificate(readFileSync(paths.nodeTls("peer-vn").certificate, "utf8"));
  expect(tls.x509.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1, DNS:peer-vn");
  const trusted = (node: string) => readFileSync(paths.nodeTls(node).authorities, "utf8");
  expect(trusted("chaincode-vn")).toBe(authorities.get("VnMSP")?.certificatePem);
  expect(trusted("peer-vn").match(/BEGIN/g)).toHaveLength(4);
});

test("what is there stays when the network is made again", () => {
  const { modules, ...request } = fabricFiles(folder);
  const before = fabricConsortium(request);
  expect(before.orderers.map(({ mspId }) => mspId)).toEqual(["AggregatorMSP", "VnMSP", "DsoMSP", "AuditorMSP"]);
  writeMaterial(request, modules);
  expect(fabricConsortium(request)).toEqual(before);
  rmSync(request.paths.nodeMsp("orderer-vn"), { recursive: true });
  writeMaterial(request, modules);
  expect(fabricConsortium(request)).not.toEqual(before);
});
