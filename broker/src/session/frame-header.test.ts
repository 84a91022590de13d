import fc from "fast-check";
import { generate } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { FrameHeader, PACKET_TYPE } from "./frame-header.ts";

function read(bytes: readonly number[], start = 0) {
  const header = new FrameHeader();
  return { state: header.read(Uint8Array.from(bytes), start), header };
}

describe("FrameHeader", () => {
  it.each([
    ["0", [0x30, 0x00], 0],
    ["127", [0x30, 0x7f], 127],
    ["128", [0x30, 0x80, 0x01], 128],
    ["16,383", [0x30, 0xff, 0x7f], 16_383],
    ["2,097,152", [0x30, 0x80, 0x80, 0x80, 0x01], 2_097_152],
    ["the largest, 268,435,455", [0x30, 0xff, 0xff, 0xff, 0x7f], 268_435_455],
  ])("knows a remaining length of %s", (_name, bytes, remaining) => {
    const { state, header } = read(bytes);
    expect(state).toBe("known");
    expect(header.packetType()).toBe(PACKET_TYPE.PUBLISH);
    expect(header.remainingBytes()).toBe(remaining);
    expect(header.bodyStart).toBe(bytes.length);
  });

  it.each([[[]], [[0x30]], [[0x30, 0x80]], [[0x30, 0xff, 0xff, 0xff]]])("waits for more after %j", (bytes) => {
    expect(read(bytes).state).toBe("incomplete");
  });

  it("gives up a length of five bytes as soon as the fourth is there", () => {
    expect(read([0x30, 0xff, 0xff, 0xff, 0xff]).state).toBe("malformed");
  });

  it("finds each packet where the one before ended", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(lengths, (payloads) => {
        const packets = payloads.map((size) =>
          generate({ cmd: "publish", topic: "t", payload: Buffer.alloc(size), qos: 0, dup: false, retain: false }),
        );
        const stream = Buffer.concat(packets);
        const header = new FrameHeader();
        let offset = 0;
        for (const packet of packets) {
          expect(header.read(stream, offset)).toBe("known");
          expect(header.end - offset).toBe(packet.length);
          offset = header.end;
        }
        expect(offset).toBe(stream.length);
      }),
    );
  });
});
