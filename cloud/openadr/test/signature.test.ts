import { createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { MemoryNonceStore, REPLAY_WINDOW_MS, signSignedObject, verifyEnvelope } from "../src/signature/index.ts";
import {
  type OadrMessage,
  openEnvelope,
  readMessage,
  wrapSignedObject,
  writeSignedObject,
} from "../src/wire20b/index.ts";
import { SAMPLE_MESSAGES } from "./sample-messages.ts";
import { skip } from "./skip.ts";
import { createTestPki, type TestIdentity } from "./test-pki.ts";

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const poll: OadrMessage = { type: "oadrPoll", venID: "VEN-1" };
const identities: Record<string, TestIdentity> = {};
const exchanges = join(import.meta.dirname, "../../../../shared/peers/openadr20b-exchanges");

beforeAll(() => {
  const pki = createTestPki();
  for (const kind of ["rsa", "p256", "rsa1024"] as const) identities[kind] = pki.issue(kind, kind);
});

function identity(kind: string): TestIdentity {
  const found = identities[kind];
  if (found === undefined) throw new Error(`no identity ${kind}`);
  return found;
}

let nonceNumber = 0;

function signed(message: OadrMessage, kind = "p256", nowUnixMs = NOW): string {
  const signedObject = writeSignedObject(message);
  nonceNumber += 1;
  return wrapSignedObject(
    signedObject,
    signSignedObject(signedObject, identity(kind), { nowUnixMs, nonce: `n${nonceNumber}` }),
  );
}

function verify(document: string, nonces = new MemoryNonceStore(), nowUnixMs = NOW) {
  const opened = openEnvelope(Buffer.from(document));
  if (!opened.ok) return { ok: false, reason: opened.code } as const;
  return verifyEnvelope(opened.envelope, { nowUnixMs, nonces });
}

function reasonOf(document: string): string {
  const verdict = verify(document);
  return verdict.ok ? "accepted" : verdict.reason;
}

describe("XML signatures", () => {
  it.each(["rsa", "p256"])("verifies every message signed with %s and returns it unchanged", (kind) => {
    for (const message of SAMPLE_MESSAGES) {
      const verdict = verify(signed(message, kind));
      if (!verdict.ok) throw new Error(`${message.type}: ${verdict.reason}`);
      expect(readMessage(verdict.signedObject)).toEqual({ ok: true, message });
    }
  });

  it("verifies what another implementation signed", (context) => {
    if (!existsSync(exchanges)) return skip(context, "no recorded exchanges beside the repository");
    for (const folder of ["signed", "signed_ecc"]) {
      for (const file of readdirSync(join(exchanges, folder)).filter((name) => !name.includes("__empty.resp"))) {
        const text = readFileSync(join(exchanges, folder, file), "utf8");
        const at = Date.parse(/timestamp>([^<]+)</.exec(text)?.[1] ?? "");
        expect(verify(text, undefined, at), `${folder}/${file}`).toMatchObject({ ok: true });
        expect(verify(text.replace("2.0b", "2.0a"), undefined, at), file).toMatchObject({ ok: false });
      }
    }
  });

  it("refuses an unsigned message", () => {
    expect(reasonOf(wrapSignedObject(writeSignedObject(poll), ""))).toBe("unsigned");
  });

  it.each([
    ["the message", "VEN-1", "VEN-2"],
    ["the nonce", "<dsp:nonce>", "<dsp:nonce>0"],
    ["the timestamp", "12:00:00", "12:00:01"],
    ["a digest", "<ds:DigestValue>", "<ds:DigestValue>A"],
    ["the signature value", "<ds:SignatureValue>", "<ds:SignatureValue>AAAA"],
    ["an added attribute", '<oadr:oadrPoll ei:schemaVersion="2.0b"', '<oadr:oadrPoll a="b" ei:schemaVersion="2.0b"'],
  ])("refuses a message when %s was changed", (_, from, to) => {
    const document = signed(poll);
    expect(document).toContain(from);
    expect(reasonOf(document.replace(from, to))).toBe("invalid-signature");
  });

  it("refuses a signature by another key under the same certificate", () => {
    const signedObject = writeSignedObject(poll);
    const forged = { privateKey: identity("rsa").privateKey, certificateBase64: identity("p256").certificateBase64 };
    const signature = signSignedObject(signedObject, forged, { nowUnixMs: NOW, nonce: "f" });
    expect(reasonOf(wrapSignedObject(signedObject, signature))).toBe("key-not-allowed");
  });

  it("refuses short RSA keys", () => {
    expect(() => signed(poll, "rsa1024")).toThrow("2048");
    const weak = signed(poll, "rsa").replace(identity("rsa").certificateBase64, identity("rsa1024").certificateBase64);
    expect(reasonOf(weak)).toBe("key-not-allowed");
  });

  it.each([
    [
      "HMAC with the public certificate as key",
      "2001/04/xmldsig-more#ecdsa-sha256",
      "2000/09/xmldsig#hmac-sha1",
      "key-not-allowed",
    ],
    ["RSA named over an EC key", "ecdsa-sha256", "rsa-sha256", "key-not-allowed"],
    ["exclusive canonicalisation", "TR/2001/REC-xml-c14n-20010315", "2001/10/xml-exc-c14n#", "structure"],
    ["canonicalisation with comments", 'c14n-20010315"', 'c14n-20010315#WithComments"', "structure"],
    ["SHA-1 digests", "2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1", "structure"],
    [
      "an enveloped-signature transform",
      "</ds:Transforms>",
      '<ds:Transform Algorithm="e"></ds:Transform></ds:Transforms>',
      "structure",
    ],
    ["a reference to the whole document", "#prop", "", "structure"],
    ["a reference elsewhere", 'URI="#prop"', 'URI="http://127.0.0.1/"', "structure"],
    ["an XPath in a reference", 'URI="#prop"', "URI=\"#a' or '1'='1\"", "structure"],
    ["no certificate", /<ds:X509Data>.*<\/ds:X509Data>/, "", "structure"],
    ["a second object", "</ds:Signature>", "<ds:Object></ds:Object></ds:Signature>", "structure"],
  ])("refuses %s", (_, from, to, reason) => {
    const document = signed(poll);
    const changed = typeof from === "string" ? document.replaceAll(from, to) : document.replace(from, to);
    expect(changed).not.toBe(document);
    expect(reasonOf(changed)).toBe(reason);
  });

  it("refuses an HMAC made with the certificate that everybody can read", () => {
    const document = signed(poll).replaceAll(
      "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
      "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    );
    const mac = createHmac("sha1", identity("p256").certificatePem).update(document).digest("base64");
    expect(reasonOf(document.replace(/(<ds:SignatureValue>)[^<]+/, `$1${mac}`))).toBe("key-not-allowed");
  });

  it("never reads a message that was wrapped around a signed one", () => {
    const document = signed(poll);
    const original = /<oadr:oadrSignedObject.*<\/oadr:oadrSignedObject>/.exec(document)?.[0] ?? "";
    const evil = original.replace("VEN-1", "VEN-9");
    const wrappings = [
      document.replace(original, evil + original),
      document.replace(original, original + evil),
      document.replace(original, evil).replace("</ds:Signature>", `<ds:Object>${original}</ds:Object></ds:Signature>`),
      document.replace(original, evil).replace("<ds:SignatureProperties>", `${original}<ds:SignatureProperties>`),
      document.replace(original, evil.replace("<ei:venID>", `${original}<ei:venID>`)),
      document.replace(original, `<oadr:oadrSignedObject xmlns:oadr="urn:x">${original}</oadr:oadrSignedObject>`),
      document.replace(original, evil.replace('"oadrSignedObject"', '"other"')),
    ];
    for (const wrapped of wrappings) expect(reasonOf(wrapped)).not.toBe("accepted");
    expect(reasonOf(document)).toBe("accepted");
  });

  it("refuses a signature that does not cover replay protection", () => {
    const document = signed(poll);
    const twice = document.replace('URI="#prop"', 'URI="#oadrSignedObject"');
    expect(reasonOf(twice)).toBe("invalid-signature");
    const one = document.replace(/<ds:Reference URI="#prop">.*?<\/ds:Reference>/, "");
    expect(reasonOf(one)).toBe("structure");
  });

  it("accepts a nonce once, also after a change outside the signed bytes", () => {
    const nonces = new MemoryNonceStore();
    const document = signed(poll);
    expect(verify(document, nonces)).toMatchObject({ ok: true });
    expect(verify(document, nonces)).toEqual({ ok: false, reason: "replayed" });
    expect(verify(`${document}<!-- -->`, nonces)).toEqual({ ok: false, reason: "replayed" });
  });

  it("accepts a message up to the edge of the replay window and none beyond", () => {
    const document = signed(poll);
    for (const edge of [-REPLAY_WINDOW_MS, REPLAY_WINDOW_MS]) {
      expect(verify(document, undefined, NOW + edge)).toMatchObject({ ok: true });
      const beyond = verify(document, undefined, NOW + edge + Math.sign(edge));
      expect(beyond).toEqual({ ok: false, reason: "outside-replay-window" });
    }
  });

  it("refuses a certificate that is not valid at the moment", () => {
    const far = Date.UTC(2050, 0, 1);
    expect(verify(signed(poll, "p256", far), undefined, far)).toEqual({
      ok: false,
      reason: "certificate-not-valid-now",
    });
  });
});
