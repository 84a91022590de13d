import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { MalformedMessageError } from "../wire/index.ts";
import { type Block, blockDataHash, blockHeaderBytes, blockHeaderHash, decodeBlock, encodeBlock } from "./block.ts";

const block: Block = {
  header: { number: 300, previousHash: Buffer.alloc(32, 1), dataHash: Buffer.alloc(32, 2) },
  data: [Uint8Array.of(1, 2), Uint8Array.of(3)],
  ordered: {
    value: Uint8Array.of(4),
    signatures: [{ signatureHeader: Uint8Array.of(5), signature: Uint8Array.of(6) }],
  },
  validationCodes: Uint8Array.of(0, 11),
  committed: { value: Buffer.alloc(32, 7), signatures: [] },
};

test("the header is hashed as ASN.1: number, previous hash, data hash", () => {
  const expected = `3048${"0202012c"}${"0420"}${"01".repeat(32)}${"0420"}${"02".repeat(32)}`;
  expect(Buffer.from(blockHeaderBytes(block.header)).toString("hex")).toBe(expected);
  const hash = createHash("sha256").update(Buffer.from(expected, "hex")).digest();
  expect(Buffer.from(blockHeaderHash(block.header)).equals(hash)).toBe(true);
});

test("the data hash covers all envelopes one after the other", () => {
  const hash = createHash("sha256")
    .update(Uint8Array.of(1, 2, 3))
    .digest();
  expect(Buffer.from(blockDataHash(block.data)).equals(hash)).toBe(true);
});

test("reads back what it writes", () => {
  const decoded = decodeBlock(encodeBlock(block));
  expect(Buffer.from(encodeBlock(decoded)).equals(encodeBlock(block))).toBe(true);
  expect(decoded.header.number).toBe(300);
  expect([...decoded.validationCodes]).toEqual([0, 11]);
});

test("refuses bytes that are no block", () => {
  expect(() => decodeBlock(new Uint8Array())).toThrow(MalformedMessageError);
  expect(() => decodeBlock(Uint8Array.of(0x0a, 0x05, 0x01))).toThrow(MalformedMessageError);
});
