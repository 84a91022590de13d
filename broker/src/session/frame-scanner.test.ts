import fc from "fast-check";
import { generate } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { type FrameHeader, FrameScanner } from "./frame-scanner.ts";

function scan(chunks: readonly Uint8Array[]): { headers: FrameHeader[]; scanner: FrameScanner; isMalformed: boolean } {
  const scanner = new FrameScanner();
  const headers: FrameHeader[] = [];
  for (const chunk of chunks) {
    for (let offset = 0; offset < chunk.length; ) {
      const step = scanner.advance(chunk, offset);
      offset = step.offset;
      if (step.kind === "malformed") return { headers, scanner, isMalformed: true };
      if (step.kind === "header") headers.push(step.header);
    }
  }
  return { headers, scanner, isMalformed: false };
}

function cut(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let from = 0;
  for (const length of lengths) {
    chunks.push(bytes.subarray(from, from + length));
    from += length;
  }
  return [...chunks, bytes.subarray(from)];
}

describe("FrameScanner", () => {
  it("finds every packet however the stream is cut", () => {
    const packet = fc.oneof(
      fc.constant(generate({ cmd: "pingreq" })),
      fc
        .nat({ max: 20_000 })
        .map((size) =>
          generate({ cmd: "publish", topic: "t", payload: Buffer.alloc(size), qos: 0, dup: false, retain: false }),
        ),
    );
    const streams = fc.array(packet, { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(streams, fc.array(fc.nat({ max: 300 }), { maxLength: 40 }), (packets, lengths) => {
        const whole = Buffer.concat(packets);
        const { headers, scanner, isMalformed } = scan(cut(whole, lengths));
        expect(isMalformed).toBe(false);
        expect(headers.length).toBe(packets.length);
        expect(scanner.isBetweenPackets()).toBe(true);
        const sizes = headers.map(({ remainingBytes }) => remainingBytes);
        expect(sizes.every((size, index) => (packets[index]?.length ?? 0) - size >= 2)).toBe(true);
      }),
    );
  });

  it("reads the largest remaining length, 256 MB less one byte", () => {
    const { headers } = scan([Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f)]);
    expect(headers).toEqual([{ packetType: 3, flags: 0, remainingBytes: 268_435_455 }]);
  });

  it("calls a length of five bytes malformed", () => {
    expect(scan([Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff, 0x01)]).isMalformed).toBe(true);
  });

  it("knows that it stands within a packet", () => {
    expect(scan([Uint8Array.of(0x30)]).scanner.isBetweenPackets()).toBe(false);
    expect(scan([Uint8Array.of(0x30, 2, 0)]).scanner.isBetweenPackets()).toBe(false);
    expect(scan([Uint8Array.of(0x30, 2, 0, 0)]).scanner.isBetweenPackets()).toBe(true);
  });
});
