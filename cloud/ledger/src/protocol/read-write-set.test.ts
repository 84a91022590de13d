import fc from "fast-check";
import { expect, test } from "vitest";
import {
  decodePrivateWrites,
  decodeReadWriteSet,
  encodePrivateWrites,
  encodeReadWriteSet,
  type NamespaceReadWriteSet,
} from "./read-write-set.ts";

const bytes = fc.uint8Array({ minLength: 1, maxLength: 8 });
const version = fc.option(fc.record({ blockNumber: fc.nat(), transactionIndex: fc.nat(1000) }), { nil: undefined });
const write = fc
  .record({ key: fc.string({ minLength: 1 }), value: bytes, isDelete: fc.boolean() })
  .map((entry) => (entry.isDelete ? { ...entry, value: new Uint8Array() } : entry));

const namespaceSet: fc.Arbitrary<NamespaceReadWriteSet> = fc.record({
  namespace: fc.constantFrom("gridpact", "other"),
  reads: fc.array(fc.record({ key: fc.string(), version }), { maxLength: 3 }),
  writes: fc.array(write, { maxLength: 3 }),
  metadataWrites: fc.array(
    fc.record({ key: fc.string(), entries: bytes.map((value) => new Map([["VALIDATION_PARAMETER", value]])) }),
    { maxLength: 2 },
  ),
  collections: fc.array(
    fc.record({
      collection: fc.constantFrom("terms", "offers"),
      reads: fc.array(fc.record({ keyHash: bytes, version }), { maxLength: 2 }),
      writes: fc.array(fc.record({ keyHash: bytes, valueHash: bytes, isDelete: fc.boolean() }), { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});

test("a read/write set is read back as it was written", () => {
  fc.assert(
    fc.property(fc.array(namespaceSet, { maxLength: 3 }), (sets) => {
      expect(decodeReadWriteSet(encodeReadWriteSet(sets))).toEqual(sets);
    }),
  );
});

test("private writes are read back as they were written", () => {
  const collection = fc.record({ collection: fc.string({ minLength: 1 }), writes: fc.array(write, { maxLength: 3 }) });
  fc.assert(
    fc.property(fc.array(collection, { maxLength: 3 }), (collections) => {
      expect(decodePrivateWrites(encodePrivateWrites("gridpact", collections))).toEqual(collections);
    }),
  );
});
