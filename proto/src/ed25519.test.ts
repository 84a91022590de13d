import { generateKeyPairSync, sign } from "node:crypto";
import { ed25519 } from "@noble/curves/ed25519.js";
import { describe, expect, it } from "vitest";
import { isEnrollableKey, verifyZip215 } from "./ed25519.ts";

const message = new TextEncoder().encode("reading");

function keyPair() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return { privateKey, publicKey: publicKey.export({ format: "der", type: "spki" }).subarray(-32) };
}

describe("verifyZip215", () => {
  it("accepts an honest signature and rejects it over other bytes, by another key, or cut short", () => {
    const { privateKey, publicKey } = keyPair();
    const signature = sign(null, message, privateKey);
    expect(verifyZip215(publicKey, message, signature)).toBe(true);
    expect(verifyZip215(publicKey, new TextEncoder().encode("Reading"), signature)).toBe(false);
    expect(verifyZip215(keyPair().publicKey, message, signature)).toBe(false);
    expect(verifyZip215(publicKey, message, signature.subarray(1))).toBe(false);
    expect(verifyZip215(publicKey.subarray(1), message, signature)).toBe(false);
  });

  it("accepts what ZIP-215 accepts beyond OpenSSL: a small-order key with R = key and s = 0", () => {
    const smallOrder = ed25519.Point.fromHex(
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    ).toBytes();
    const signature = Buffer.concat([ed25519.Point.ZERO.toBytes(), new Uint8Array(32)]);
    expect(verifyZip215(smallOrder, message, signature)).toBe(true);
  });
});

describe("isEnrollableKey", () => {
  it("accepts an ordinary key", () => {
    expect(isEnrollableKey(keyPair().publicKey)).toBe(true);
  });

  it("refuses small-order, mixed-torsion and undecodable keys", () => {
    const torsion = ed25519.Point.fromHex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa");
    expect(isEnrollableKey(torsion.toBytes())).toBe(false);
    expect(isEnrollableKey(ed25519.Point.BASE.add(torsion).toBytes())).toBe(false);
    expect(isEnrollableKey(new Uint8Array(32).fill(2))).toBe(false);
    expect(isEnrollableKey(new Uint8Array(31))).toBe(false);
  });
});
