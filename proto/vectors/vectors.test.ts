import { createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import {
  consentSigningBytes,
  decode,
  encode,
  envelopeHash,
  envelopeLeafHash,
  envelopeSigningBytes,
  isEnrollableKey,
  moveSigningBytes,
  releaseHash,
  verifyZip215,
} from "../src/index.ts";
import { vectorFiles } from "./generate.ts";

type EnvelopeVector = Record<
  "publicKeyHex" | "payloadHex" | "signatureHex" | "leafHashHex" | "envelopeHashHex" | "signedEnvelopeHex",
  string
>;
type SignatureVector = Record<"name" | "publicKeyHex" | "messageHex" | "signatureHex", string> & {
  isValidZip215: boolean;
};

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, import.meta.url), "utf8")) as T;
}

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");

describe("golden vectors", () => {
  it("are what their generator writes", () => {
    for (const [name, content] of vectorFiles()) {
      expect(readFileSync(new URL(name, import.meta.url), "utf8") === content, `${name} is stale`).toBe(true);
    }
  });

  it("fix the hashes and signatures of envelopes", () => {
    for (const vector of read<EnvelopeVector[]>("envelopes")) {
      const envelope = decode("SignedEnvelope", bytes(vector.signedEnvelopeHex));
      expect(hex(envelope.payload)).toBe(vector.payloadHex);
      expect(hex(envelopeHash(envelope.payload))).toBe(vector.envelopeHashHex);
      expect(hex(envelopeLeafHash(envelope))).toBe(vector.leafHashHex);
      const publicKey = bytes(vector.publicKeyHex);
      expect(verifyZip215(publicKey, envelopeSigningBytes(envelope.payload), envelope.signature)).toBe(true);
      expect(isEnrollableKey(publicKey)).toBe(true);
    }
  });

  it("fix what nodes and devices sign when a device moves", () => {
    const vector = read<Record<string, string>>("moves");
    const of = (name: string) => bytes(vector[name] ?? "");
    for (const [message, name] of [
      ["MoveTicket", "ticket"],
      ["MoveOffer", "offer"],
    ] as const) {
      const [key, payload, signature] = [of(`${name}PublicKeyHex`), of(`${name}PayloadHex`), of(`${name}SignatureHex`)];
      expect(hex(encode(message, decode(message, payload)))).toBe(hex(payload));
      expect(verifyZip215(key, moveSigningBytes(message, payload), signature)).toBe(true);
      const other = message === "MoveOffer" ? "MoveTicket" : "MoveOffer";
      expect(verifyZip215(key, moveSigningBytes(other, payload), signature)).toBe(false);
    }
    const { deviceId, fromVnId, toVnId, revision, ticket } = decode("MoveOffer", of("offerPayloadHex"));
    expect(hex(decode("NodeStatement", ticket).payload)).toBe(vector["ticketPayloadHex"]);
    const hash = releaseHash({ deviceId, fromVnId, toVnId, revision });
    expect(hex(hash)).toBe(vector["releaseHashHex"]);
    const isSigned = verifyZip215(of("devicePublicKeyHex"), consentSigningBytes(hash), of("consentSignatureHex"));
    expect(isSigned).toBe(true);
  });

  it("fix the verdict on every signature, most of which a stricter rule set would refuse", () => {
    let stricter = 0;
    for (const vector of read<SignatureVector[]>("signatures")) {
      const [publicKey, message, signature] = [vector.publicKeyHex, vector.messageHex, vector.signatureHex].map(bytes);
      if (publicKey === undefined || message === undefined || signature === undefined) throw new Error("incomplete");
      expect(verifyZip215(publicKey, message, signature), vector.name).toBe(vector.isValidZip215);
      const isValidOpenSsl = verify(null, message, openSslKey(publicKey), signature);
      // OpenSSL may refuse more, never less: its acceptance is taken as final.
      expect(isValidOpenSsl && !vector.isValidZip215, vector.name).toBe(false);
      if (vector.isValidZip215 && !isValidOpenSsl) stricter += 1;
    }
    expect(stricter).toBeGreaterThan(100);
  });
});

function openSslKey(publicKey: Uint8Array) {
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), publicKey]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}
