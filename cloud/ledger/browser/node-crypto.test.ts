import * as node from "node:crypto";
import { readFileSync } from "node:fs";
import { SeededRandom, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { issueAuthority, issueCertificate } from "../src/identity/certificate.ts";
import { p256KeyFrom } from "../src/identity/p256-key.ts";
import { createHash, createPublicKey, hash, verify, X509Certificate } from "./node-crypto.ts";

const random = new SeededRandom("stand-in");
const clock = new VirtualClock(Date.UTC(2016, 0, 28));
const flipped = (bytes: Uint8Array, at: number, bit = random.below(8)) =>
  Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));

describe("the stand-in for node:crypto in browsers", () => {
  it("hashes as node:crypto does, in pieces and at once, and knows no other hash", () => {
    for (const length of [0, 1, 63, 64, 65, 1_000]) {
      const bytes = random.bytes(length);
      const expected = node.createHash("sha256").update("λ").update(bytes).digest();
      expect(createHash("sha256").update("λ").update(bytes).digest().equals(expected)).toBe(true);
      expect(createHash("sha256").update("λ").update(bytes).digest("hex")).toBe(expected.toString("hex"));
      expect(hash("sha256", bytes, "buffer").equals(node.hash("sha256", bytes, "buffer"))).toBe(true);
      expect(hash("sha256", bytes, "hex")).toBe(node.hash("sha256", bytes, "hex"));
    }
    expect(() => createHash("sha1")).toThrow(RangeError);
  });

  it("gives OpenSSL's verdict on every public vector of Ed25519", () => {
    type Vector = { publicKeyHex: string; messageHex: string; signatureHex: string };
    const path = new URL("../../../proto/vectors/signatures.json", import.meta.url);
    const vectors = JSON.parse(readFileSync(path, "utf8")) as Vector[];
    const verdicts = vectors.map((each) => {
      const [key, message, signature] = [each.publicKeyHex, each.messageHex, each.signatureHex].map((hex) =>
        Buffer.from(hex, "hex"),
      ) as [Buffer, Buffer, Buffer];
      const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), key]);
      const options = { key: spki, format: "der", type: "spki" } as const;
      const expected = node.verify(null, message, node.createPublicKey(options), signature);
      expect(verify(null, message, createPublicKey(options), signature), JSON.stringify(each)).toBe(expected);
      return expected;
    });
    expect(new Set(verdicts).size).toBe(2);
  });

  it("gives OpenSSL's verdict on signatures of P-256 with a bit changed anywhere, of either half of s", () => {
    const { privateKey, publicKey } = p256KeyFrom(random);
    const options = { key: publicKey.export({ format: "der", type: "spki" }), format: "der", type: "spki" } as const;
    const own = createPublicKey(options);
    for (let round = 0; round < 4; round++) {
      const message = random.bytes(40);
      const signature = node.sign("sha256", message, privateKey);
      expect(verify("sha256", message, own, signature)).toBe(true);
      expect(verify("sha256", flipped(message, 3), own, signature)).toBe(false);
      for (let at = 0; at < signature.length; at += 3) {
        const changed = flipped(signature, at);
        expect(verify("sha256", message, own, changed)).toBe(node.verify("sha256", message, publicKey, changed));
      }
      expect(verify("sha256", message, own, Buffer.concat([signature, Buffer.of(0)]))).toBe(false);
    }
  });

  it("verifies nothing with a key of another kind", () => {
    const { publicKey } = node.generateKeyPairSync("ec", { namedCurve: "secp384r1" });
    const key = createPublicKey({
      key: publicKey.export({ format: "der", type: "spki" }),
      format: "der",
      type: "spki",
    });
    expect(key.asymmetricKeyDetails.namedCurve).toBeUndefined();
    expect([
      verify(null, Buffer.of(), key, Buffer.alloc(64)),
      verify("sha256", Buffer.of(), key, Buffer.alloc(70)),
    ]).toEqual([false, false]);
  });
});

describe("the stand-in for X509Certificate in browsers", () => {
  const modules = { random, clock };
  const kinds = {
    ed25519: issueAuthority({ mspId: "VnMSP", key: signingKeyFromSeed(random.bytes(32)) }, modules),
    p256: issueAuthority({ mspId: "DsoMSP", key: p256KeyFrom(random) }, modules),
  };
  const leafOf = (authority: (typeof kinds)["ed25519" | "p256"], commonName = "feid-7") =>
    issueCertificate(
      { authority, commonName, publicKey: signingKeyFromSeed(random.bytes(32)).publicKey, kind: "client" },
      modules,
    );

  it.each(["ed25519", "p256"] as const)("reads what OpenSSL reads of certificates issued with %s", (kind) => {
    const authority = kinds[kind];
    for (const pem of [authority.certificatePem, leafOf(authority), leafOf(authority, 'a,b+"c"\nCN=d #')]) {
      const [own, openssl] = [new X509Certificate(pem), new node.X509Certificate(pem)];
      expect(own.subject).toBe(openssl.subject);
      expect([own.ca, own.validFromDate, own.validToDate]).toEqual([
        openssl.ca,
        openssl.validFromDate,
        openssl.validToDate,
      ]);
      expect(Buffer.from(own.raw).equals(openssl.raw)).toBe(true);
      expect(own.publicKey.asymmetricKeyType).toBe(openssl.publicKey.asymmetricKeyType);
    }
  });

  it("says who issued whom, and not of anybody else", () => {
    const [authority, other] = [kinds.ed25519, kinds.p256].map(
      ({ certificatePem }) => new X509Certificate(certificatePem),
    );
    const leaf = new X509Certificate(leafOf(kinds.ed25519));
    expect(authority && leaf.checkIssued(authority) && leaf.verify(authority.publicKey)).toBe(true);
    expect(other && leaf.checkIssued(other)).toBe(false);
    expect(other && leaf.verify(other.publicKey)).toBe(false);
    // A member may not issue, whatever it is called.
    expect(leaf.checkIssued(leaf)).toBe(false);
  });

  it.each(["ed25519", "p256"] as const)(
    "takes no changed certificate of %s that OpenSSL would not take",
    (kind) => {
      const authority = kinds[kind];
      const der = new node.X509Certificate(leafOf(authority)).raw;
      const openssl = new node.X509Certificate(authority.certificatePem);
      const own = new X509Certificate(authority.certificatePem);
      let taken = 0;
      for (let at = 0; at < der.length; at++) {
        const pem = pemOf(flipped(der, at));
        const isTaken = holds(() => {
          const certificate = new X509Certificate(pem);
          return certificate.checkIssued(own) && certificate.verify(own.publicKey);
        });
        if (!isTaken) continue;
        taken += 1;
        const certificate = new node.X509Certificate(pem);
        expect(certificate.checkIssued(openssl) && certificate.verify(openssl.publicKey), `byte ${at}`).toBe(true);
      }
      expect(taken).toBe(0);
    },
    60_000,
  );

  function holds(check: () => boolean): boolean {
    try {
      return check();
    } catch {
      return false; // Unreadable is refused as well.
    }
  }

  function pemOf(der: Uint8Array): string {
    const lines =
      Buffer.from(der)
        .toString("base64")
        .match(/.{1,64}/g) ?? [];
    return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
  }
});
