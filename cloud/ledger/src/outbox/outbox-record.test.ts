import { describe, expect, it } from "vitest";
import { decodeOutboxRecord, encodeOutboxRecord, type OutboxRecord, RECORD_BYTES_MAX } from "./outbox-record.ts";

const enqueued = (argument: string): OutboxRecord => ({
  kind: "enqueued",
  key: "k",
  lane: "l",
  transaction: "accounts:Mint",
  argument,
});

describe("outbox record", () => {
  it.each<OutboxRecord>([
    enqueued('{"note":"line\\nbreak"}'),
    { kind: "dropped", key: "line\nbreak" },
    { kind: "finished", entries: [{ key: "k", contentHashHex: null, transactionId: "t", blockNumber: 3, result: [] }] },
    {
      kind: "prepared",
      key: "k",
      lane: "l",
      prepared: { transactionId: "t", transaction: "a:B", bytes: Uint8Array.of(10, 0, 10), result: { a: "1" } },
    },
  ])("comes back as it was: $kind", (record) => {
    expect(decodeOutboxRecord(encodeOutboxRecord(record))).toEqual(record);
  });

  it("takes a record of the largest size and none that is a byte longer", () => {
    const overheadBytes = encodeOutboxRecord(enqueued("")).length;
    const largest = enqueued("x".repeat(RECORD_BYTES_MAX - overheadBytes));
    expect(encodeOutboxRecord(largest)).toHaveLength(RECORD_BYTES_MAX);
    const longer = enqueued("x".repeat(RECORD_BYTES_MAX - overheadBytes + 1));
    expect(() => encodeOutboxRecord(longer)).toThrow(expect.objectContaining({ code: "OUTBOX_ENTRY_TOO_LARGE" }));
  });
});
