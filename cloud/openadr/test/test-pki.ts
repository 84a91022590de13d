import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from "node:crypto";
import { createThrowAwayAuthority } from "../src/certificates/index.ts";

/** Certificates for tests, of every kind of key that peers come with, and one that the profile forbids. */

export type KeyKind = "rsa" | "p256" | "rsa1024";

export interface TestIdentity {
  readonly certificatePem: string;
  readonly privateKeyPem: string;
  readonly privateKey: KeyObject;
  readonly certificate: X509Certificate;
  readonly certificateBase64: string;
}

export interface TestPki {
  readonly caPem: string;
  /** A certificate that is good for a server on loopback and for a client alike. */
  issue(name: string, kind?: KeyKind): TestIdentity;
}

export function createTestPki(name = "Test CA"): TestPki {
  const authority = createThrowAwayAuthority(name);
  return {
    caPem: authority.caPem,
    issue(subject, kind = "p256") {
      const issued = authority.issue(subject, kind === "p256" ? {} : { privateKey: newRsaKey(kind) });
      const certificate = new X509Certificate(issued.certificatePem);
      return {
        ...issued,
        privateKey: createPrivateKey(issued.privateKeyPem),
        certificate,
        certificateBase64: certificate.raw.toString("base64"),
      };
    },
  };
}

function newRsaKey(kind: "rsa" | "rsa1024"): KeyObject {
  return generateKeyPairSync("rsa", { modulusLength: kind === "rsa" ? 2048 : 1024 }).privateKey;
}
