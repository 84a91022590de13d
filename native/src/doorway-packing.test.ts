import { describe, expect, it } from "vitest";
import { CommandBatch, type DoorwayEvents, readEvents } from "./doorway-packing.ts";

function packed(kind: number, id: number, body: Uint8Array = new Uint8Array()): Buffer {
  const header = Buffer.alloc(9);
  header[0] = kind;
  header.writeUInt32LE(id, 1);
  header.writeUInt32LE(body.length, 5);
  return Buffer.concat([header, body]);
}

describe("CommandBatch", () => {
  it("packs commands in order", () => {
    const batch = new CommandBatch();
    expect(batch.isEmpty()).toBe(true);
    batch.write(70_000, Buffer.from("abc"));
    batch.pause(4);
    batch.resume(5);
    batch.close(6);
    batch.sweep(1_700_000_000_000.7);
    const now = Buffer.alloc(8);
    now.writeBigUInt64LE(1_700_000_000_000n);
    const expected = [
      packed(1, 70_000, Buffer.from("abc")),
      packed(2, 4),
      packed(3, 5),
      packed(4, 6),
      packed(5, 0, now),
    ];
    expect(Buffer.from(batch.take())).toEqual(Buffer.concat(expected));
    expect(batch.isEmpty()).toBe(true);
  });

  it("grows with what is written in one turn, and begins anew after it", () => {
    const batch = new CommandBatch();
    const document = Buffer.alloc(3_000_000, "document");
    batch.write(1, Buffer.from("first"));
    batch.write(2, document);
    expect(
      Buffer.from(batch.take()).equals(Buffer.concat([packed(1, 1, Buffer.from("first")), packed(1, 2, document)])),
    ).toBe(true);
    batch.close(3);
    expect(Buffer.from(batch.take())).toEqual(packed(4, 3));
  });
});

describe("readEvents", () => {
  it("tells of events in order, up to the end that is given, and of the last one of all", () => {
    const told: unknown[] = [];
    const events: DoorwayEvents = {
      onOpened: (id, certificateDer) => told.push(["opened", id, Buffer.from(certificateDer).toString()]),
      onData: (id, bytes) => told.push(["data", id, bytes.toString()]),
      onClogged: (id) => told.push(["clogged", id]),
      onDrained: (id) => told.push(["drained", id]),
      onClosed: (id, ending) => told.push(["closed", id, ending]),
      onRefused: (count) => told.push(["refused", count]),
    };
    const some = Buffer.concat([
      packed(1, 7, Buffer.from("certificate")),
      packed(2, 7, Buffer.from("bytes")),
      packed(3, 7),
      packed(4, 7),
      packed(5, 7, Uint8Array.of(0)),
      packed(5, 8, Uint8Array.of(1)),
      packed(6, 3),
    ]);
    const last = packed(7, 0);
    expect(readEvents(Buffer.concat([some, last]), some.length, events)).toBe(false);
    expect(told).toEqual([
      ["opened", 7, "certificate"],
      ["data", 7, "bytes"],
      ["clogged", 7],
      ["drained", 7],
      ["closed", 7, "peer"],
      ["closed", 8, "unread"],
      ["refused", 3],
    ]);
    expect(readEvents(last, last.length, events)).toBe(true);
  });
});
