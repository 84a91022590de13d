import { describe, expect, it } from "vitest";
import { PACKET_BYTES_MAX, PacketLimit } from "./packet-limit.ts";

/** CONNECT of the client `ven`: clean, kept alive for 60 s. [MQTT-3.1] */
const CONNECT = Buffer.from("\x10\x0f\0\x04MQTT\x04\x02\0\x3c\0\x03ven", "latin1");
const PING = Buffer.of(0xc0, 0);

/** A fixed header that announces a body; the body itself is never sent. */
function header(packetType: number, bodyBytes: number): Buffer {
  const bytes = [packetType << 4];
  for (let left = bodyBytes; ; left = Math.floor(left / 128)) {
    bytes.push(left >= 128 ? (left % 128) | 0x80 : left);
    if (left < 128) return Buffer.from(bytes);
  }
}

/** What comes through, and what ended it. */
async function pass(chunks: readonly Uint8Array[]): Promise<{ passed: Buffer; fault: string | undefined }> {
  const limit = new PacketLimit();
  const passed: Buffer[] = [];
  limit.on("data", (chunk: Buffer) => passed.push(chunk));
  const ended = new Promise<string | undefined>((resolve) => {
    limit.on("error", (error: Error & { code?: string }) => resolve(error.code));
    limit.on("end", () => resolve(undefined));
  });
  for (const chunk of chunks) limit.write(chunk);
  limit.end();
  return { fault: await ended, passed: Buffer.concat(passed) };
}

describe("the packets of a subscriber", () => {
  it("pass byte for byte, however they are cut", async () => {
    const largest = header(8, PACKET_BYTES_MAX - 3);
    const stream = Buffer.concat([CONNECT, PING, largest, Buffer.alloc(PACKET_BYTES_MAX - 3, 7), PING]);
    const bytewise = Array.from(stream, (byte) => Buffer.of(byte));
    expect(await pass([stream])).toEqual({ passed: stream, fault: undefined });
    expect(await pass(bytewise)).toEqual({ passed: stream, fault: undefined });
  });

  it.each([
    ["connect-missing", "PINGREQ comes first", [PING]],
    ["packet-too-large", "one is a byte too large", [CONNECT, header(8, PACKET_BYTES_MAX - 2)]],
    ["packet-too-large", "CONNECT announces 256 MB", [header(1, 268_435_455)]],
    ["length-malformed", "a length has five bytes", [CONNECT, Buffer.of(0x82, 0xff, 0xff, 0xff, 0xff, 1)]],
  ])("end the connection as %s when %s", async (fault, _case, chunks) => {
    expect((await pass(chunks)).fault).toBe(fault);
  });
});
