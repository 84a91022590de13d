import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { unpackFile } from "./unpack-file.ts";

const text = Buffer.from('{"anchors":[]}'.repeat(1_000));
const textOf = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

describe("a file in the browser", () => {
  it("is unpacked, or taken as it is", async () => {
    expect(textOf(await unpackFile(gzipSync(text)))).toBe(text.toString());
    expect(textOf(await unpackFile(text))).toBe(text.toString());
    expect(textOf(await unpackFile(new Uint8Array()))).toBe("");
  });

  it("is unpacked up to the bound and not beyond it", async () => {
    expect(await unpackFile(gzipSync(text), text.length)).toHaveLength(text.length);
    expect(await unpackFile(gzipSync(text), text.length - 1)).toBeUndefined();
  });

  it("is nothing when its packing is damaged", async () => {
    const packed = gzipSync(text);
    expect(await unpackFile(packed.subarray(0, -9))).toBeUndefined();
    const changed = Uint8Array.from(packed, (byte, index) => (index === packed.length - 8 ? byte ^ 1 : byte));
    expect(await unpackFile(changed)).toBeUndefined();
    expect(await unpackFile(Buffer.concat([packed, Buffer.of(7)]))).toBeUndefined();
  });
});
