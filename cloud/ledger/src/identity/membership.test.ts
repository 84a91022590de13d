import { createPublicKey, generateKeyPairSync, sign } from "node:crypto";
import { SEED_BYTES, SeededRandom, signingKeyFromSeed, VirtualClock } from "@gridpact/host";
import { expect, test } from "vitest";
import { derInteger, derSequence, readDer } from "../wire/index.ts";
import { issueAuthority, issueCertificate } from "./certificate.ts";
import { isSignedBy, Membership, serializeIdentity } from "./membership.ts";

const NOW_UNIX_MS = Date.UTC(2016, 0, 28);
const YEAR_MS = 366 * 86_400_000;

function setUp() {
  const random = new SeededRandom("membership");
  const modules = { random, clock: new VirtualClock(NOW_UNIX_MS) };
  const newKey = () => signingKeyFromSeed(random.bytes(SEED_BYTES));
  const authority = issueAuthority({ mspId: "VnMSP", key: newKey() }, modules);
  const stranger = issueAuthority({ mspId: "VnMSP", key: newKey() }, modules);
  const key = newKey();
  const validity = { notBeforeUnixMs: NOW_UNIX_MS, notAfterUnixMs: NOW_UNIX_MS + YEAR_MS };
  const certificateBy = (by: typeof authority) =>
    issueCertificate(
      {
        authority: by,
        commonName: "vn",
        publicKey: key.publicKey,
        kind: "client",
        attributes: { role: "vn" },
        validity,
      },
      modules,
    );
  const membership = new Membership([{ mspId: "VnMSP", authorityPem: authority.certificatePem }]);
  return { membership, authority, stranger, certificateBy, key };
}

test("knows a member by a certificate of its organisation's authority", () => {
  const { membership, authority, certificateBy } = setUp();
  const serialized = serializeIdentity({ mspId: "VnMSP", certificatePem: certificateBy(authority) });
  const verdict = membership.identify(serialized, NOW_UNIX_MS);
  expect(verdict).toMatchObject({
    ok: true,
    member: { mspId: "VnMSP", commonName: "vn", organisationalUnit: "client", attributes: { role: "vn" } },
  });
});

test("refuses identities that are none, of strangers, forgers or authorities, and outside their time", () => {
  const { membership, authority, stranger, certificateBy } = setUp();
  const reasonOf = (mspId: string, certificatePem: string, atUnixMs = NOW_UNIX_MS) => {
    const verdict = membership.identify(serializeIdentity({ mspId, certificatePem }), atUnixMs);
    return verdict.ok ? "ok" : verdict.reason;
  };
  const genuine = certificateBy(authority);
  expect(reasonOf("VnMSP", genuine)).toBe("ok");
  expect(reasonOf("DsoMSP", genuine)).toBe("ORGANISATION_UNKNOWN");
  expect(reasonOf("VnMSP", certificateBy(stranger))).toBe("ISSUER_NOT_TRUSTED");
  expect(reasonOf("VnMSP", authority.certificatePem)).toBe("ISSUER_NOT_TRUSTED");
  expect(reasonOf("VnMSP", stranger.certificatePem)).toBe("ISSUER_NOT_TRUSTED");
  expect(reasonOf("VnMSP", "no certificate")).toBe("IDENTITY_MALFORMED");
  expect(membership.identify(Uint8Array.of(9, 9), NOW_UNIX_MS)).toEqual({ ok: false, reason: "IDENTITY_MALFORMED" });
  expect(reasonOf("VnMSP", genuine + "\n".repeat(15_000))).toBe("ok");
  expect(reasonOf("VnMSP", genuine + "\n".repeat(16_384))).toBe("IDENTITY_MALFORMED");
  expect(reasonOf("VnMSP", genuine, NOW_UNIX_MS - 1)).toBe("CERTIFICATE_EXPIRED");
  expect(reasonOf("VnMSP", genuine, NOW_UNIX_MS + YEAR_MS)).toBe("ok");
  expect(reasonOf("VnMSP", genuine, NOW_UNIX_MS + YEAR_MS + 1)).toBe("CERTIFICATE_EXPIRED");
});

test("verifies Ed25519 and low-S ECDSA P-256, and no other kind of key or signature", () => {
  const { key } = setUp();
  const message = Buffer.from("message");
  const ed25519 = { public: createPublicKey(key.privateKey), signature: key.sign(message) };
  expect(isSignedBy(ed25519.public, message, ed25519.signature)).toBe(true);
  expect(isSignedBy(ed25519.public, Buffer.from("massage"), ed25519.signature)).toBe(false);

  const p256 = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const [low, high] = bothS(sign("sha256", message, p256.privateKey));
  expect(isSignedBy(p256.publicKey, message, low)).toBe(true);
  expect(isSignedBy(p256.publicKey, message, high)).toBe(false);
  expect(isSignedBy(p256.publicKey, message, Buffer.from("30", "hex"))).toBe(false);
  expect(isSignedBy(p256.publicKey, message, new Uint8Array())).toBe(false);

  const p384 = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
  expect(isSignedBy(p384.publicKey, message, sign("sha256", message, p384.privateKey))).toBe(false);
});

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** The two signatures that verify alike: with the lower and with the higher s. */
function bothS(signature: Uint8Array): [Uint8Array, Uint8Array] {
  const [r, s] = readDer(readDer(signature)[0]?.contents ?? new Uint8Array()).map(({ contents }) =>
    BigInt(`0x${Buffer.from(contents).toString("hex")}`),
  ) as [bigint, bigint];
  const other = P256_ORDER - s;
  const encode = (value: bigint) => derSequence(derInteger(r), derInteger(value));
  return s < other ? [encode(s), encode(other)] : [encode(other), encode(s)];
}
