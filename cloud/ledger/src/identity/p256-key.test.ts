import { verify } from "node:crypto";
import { SeededRandom, VirtualClock } from "@gridpact/host";
import { expect, test } from "vitest";
import { readDer } from "../wire/index.ts";
import { issueAuthority, issueCertificate } from "./certificate.ts";
import { readCertificate } from "./certificate-reader.ts";
import { isSignedBy } from "./membership.ts";
import { p256KeyFrom, p256KeyOf } from "./p256-key.ts";

const modules = () => ({ random: new SeededRandom("p256"), clock: new VirtualClock(Date.UTC(2016, 0, 28)) });
const message = Buffer.from("a block");

test("the same random makes the same key, and its signatures verify", () => {
  const key = p256KeyFrom(new SeededRandom("one"));
  const again = p256KeyFrom(new SeededRandom("one"));
  expect(again.publicKey.equals(key.publicKey)).toBe(true);
  expect(p256KeyFrom(new SeededRandom("two")).publicKey.equals(key.publicKey)).toBe(false);
  expect(verify("sha256", message, p256KeyOf(again.privateKey).publicKey, key.sign(message))).toBe(true);
  expect(verify("sha256", Buffer.from("another"), key.publicKey, key.sign(message))).toBe(false);
});

test("every signature has the low S that Fabric asks for", () => {
  const key = p256KeyFrom(new SeededRandom("low S"));
  for (let round = 0; round < 20; round++) {
    const signature = key.sign(message);
    expect(readDer(readDer(signature)[0]?.contents ?? signature)).toHaveLength(2);
    expect(isSignedBy(key.publicKey, message, signature)).toBe(true);
  }
});

test("an authority with a P-256 key certifies keys of both kinds, and others verify it", () => {
  const { random, clock } = modules();
  const key = p256KeyFrom(random);
  const authority = issueAuthority({ mspId: "DsoMSP", commonName: "consenters.DsoMSP", key }, { random, clock });
  const consenter = p256KeyFrom(random);
  const request = { authority, commonName: "orderer-dso", publicKey: consenter.publicKey, kind: "orderer" } as const;
  const certificate = readCertificate(issueCertificate(request, { random, clock }));
  const issuer = readCertificate(authority.certificatePem);
  expect(issuer.commonName).toBe("consenters.DsoMSP");
  expect(certificate.x509.checkIssued(issuer.x509) && certificate.x509.verify(issuer.publicKey)).toBe(true);
  expect(certificate.publicKey.equals(consenter.publicKey)).toBe(true);
  expect(certificate).toMatchObject({ organisationalUnit: "orderer", commonName: "orderer-dso" });
});

test("a key of another curve is not certified", () => {
  const { random, clock } = modules();
  const authority = issueAuthority({ mspId: "DsoMSP", key: p256KeyFrom(random) }, { random, clock });
  const { publicKey } = authority.key;
  const other = Object.create(publicKey, { asymmetricKeyDetails: { value: { namedCurve: "secp384r1" } } });
  const request = { authority, commonName: "x", publicKey: other, kind: "orderer" } as const;
  expect(() => issueCertificate(request, { random, clock })).toThrow(/not a P-256 key/);
});
