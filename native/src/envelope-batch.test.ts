import { describe, expect, it } from "vitest";
import { batchOf, EnvelopeBatch, packDeviceId } from "./envelope-batch.ts";

describe("EnvelopeBatch", () => {
  it("gives back what was added, in order, also beyond its first memory", () => {
    const source = Buffer.alloc(70_000, 7);
    const batch = new EnvelopeBatch();
    batch.add(packDeviceId("meter-1"), source, 10, 13);
    batch.add(packDeviceId("a"), source, 0, 0);
    batch.add(packDeviceId("meter-1"), source, 0, 70_000);
    expect(batch.count()).toBe(3);
    expect(batch.packed()).toHaveLength(batch.sizeBytes());
    expect(batch.unpack().map(({ deviceId, bytes }) => [deviceId, bytes.length])).toEqual([
      ["meter-1", 3],
      ["a", 0],
      ["meter-1", 70_000],
    ]);
  });

  it("has the layout that the Rust side reads", () => {
    const batch = batchOf([{ deviceId: "m-1", bytes: Uint8Array.of(9, 8) }]);
    expect([...batch.packed()]).toEqual([3, ...Buffer.from("m-1"), 2, 0, 0, 0, 9, 8]);
  });

  it("copies: neither the source nor the batch's next use changes what was unpacked", () => {
    const source = Buffer.from([1, 2, 3]);
    const batch = new EnvelopeBatch();
    batch.add(packDeviceId("m"), source, 0, 3);
    source.fill(0);
    const [first] = batch.unpack();
    batch.clear();
    expect(batch.count()).toBe(0);
    batch.add(packDeviceId("m"), Buffer.from([4]), 0, 1);
    expect(first?.bytes).toEqual(Uint8Array.of(1, 2, 3));
    expect(batch.unpack()).toEqual([{ deviceId: "m", bytes: Uint8Array.of(4) }]);
  });

  it("takes no name that is no device id", () => {
    expect(() => packDeviceId("Meter")).toThrow(/not a device id/);
    expect(() => packDeviceId("")).toThrow(/not a device id/);
  });
});
