import { deviceTopic } from "@gridpact/proto";
import { generate, type IPublishPacket } from "mqtt-packet";
import { describe, expect, it } from "vitest";
import { settled } from "../../test/engine-log.ts";
import type { EnvelopeSource } from "../ingest/index.ts";
import { FrameHeader } from "./frame-header.ts";
import { IN_FLIGHT_MAX, PublishLane } from "./publish-lane.ts";

/** A lane before a log that makes durable what the test says, when it says so. */
function opened() {
  const taken: string[] = [];
  const signatures: string[] = [];
  const written: number[][] = [];
  const failures: unknown[] = [];
  const waited: number[] = [];
  let refusal: Error | undefined;
  let now = 0;
  const lane = new PublishLane("meter-1", {
    backend: {
      deviceKey: () => undefined,
      quarantined: () => [],
      canAcceptWork: () => true,
      whenAccepting: () => Promise.resolve(),
      accept: async (_deviceId, channel, bytes) => {
        signatures.push(`${channel} ${Buffer.from(bytes)}`);
      },
      takeReading: (_source: EnvelopeSource, bytes, start, end) => {
        taken.push(bytes.toString("latin1", start, end));
        return refusal;
      },
    },
    nowUnixMs: () => now,
    write: (bytes) => written.push(packetIdsOf(bytes)),
    onFailed: (error) => failures.push(error),
    onDurable: (waitedMs) => waited.push(waitedMs),
  });
  const send = (packet: Partial<IPublishPacket>): boolean => {
    const bytes = publish(packet);
    const header = new FrameHeader();
    header.read(bytes, 0);
    const isTaken = lane.isFor(bytes, header) && lane.hasRoom();
    if (isTaken) lane.take(bytes, header.end, now);
    return isTaken;
  };
  const durable = (count: number) => {
    for (let index = 0; index < count; index++) lane.onDurable();
    lane.onGroupEnd();
  };
  const refuseNext = (error: Error) => {
    refusal = error;
  };
  const pass = (ms: number) => {
    now += ms;
  };
  return { lane, send, durable, refuseNext, pass, taken, signatures, written, failures, waited };
}

function publish(change: Partial<IPublishPacket>): Buffer {
  const topic = deviceTopic("meter-1", "reading");
  return generate({ cmd: "publish", topic, payload: "x", qos: 1, messageId: 1, dup: false, retain: false, ...change });
}

function packetIdsOf(bytes: Uint8Array): number[] {
  const buffer = Buffer.from(bytes);
  return Array.from({ length: buffer.length / 4 }, (_, index) => {
    expect(buffer.readUInt16BE(4 * index)).toBe(0x4002);
    return buffer.readUInt16BE(4 * index + 2);
  });
}

describe("PublishLane takes", () => {
  it.each([
    ["a reading", {}],
    ["a reading sent again", { dup: true }],
    ["an empty payload", { payload: "" }],
    ["a large payload", { payload: Buffer.alloc(60_000) }],
    ["a signature", { topic: deviceTopic("meter-1", "signature") }],
  ])("%s", (_name, packet) => {
    expect(opened().send(packet)).toBe(true);
  });

  it.each([
    ["another device's topic", { topic: deviceTopic("meter-2", "reading") }],
    ["a topic of which its own is the beginning", { topic: `${deviceTopic("meter-1", "reading")}s` }],
    ["the beginning of its own topic", { topic: "gridpact/v1/meter-1/readin" }],
    ["its own downward topic", { topic: deviceTopic("meter-1", "setpoint") }],
    ["QoS 0", { qos: 0 }],
    ["QoS 2", { qos: 2 }],
    ["what is to be retained", { retain: true }],
  ] as const)("not %s", (_name, packet) => {
    const { send, taken } = opened();
    expect(send(packet)).toBe(false);
    expect(taken).toEqual([]);
  });

  it("not a packet that ends within its topic or packet id, nor one with packet id 0", () => {
    const { lane } = opened();
    const whole = publish({ payload: "" });
    for (let cut = 1; cut < whole.length - 2; cut++) {
      const bytes = Buffer.from(whole.subarray(0, whole.length - cut));
      bytes[1] = bytes.length - 2;
      expect(lane.isFor(bytes, { firstByte: 0x32, bodyStart: 2, end: bytes.length })).toBe(false);
    }
    whole.writeUInt16BE(0, whole.length - 2);
    expect(lane.isFor(whole, { firstByte: 0x32, bodyStart: 2, end: whole.length })).toBe(false);
  });
});

describe("PublishLane acknowledges", () => {
  it("in the order of arrival, a group in one write, and nothing before it is durable", () => {
    const { send, durable, pass, written, taken, waited } = opened();
    for (const messageId of [7, 3, 65_535, 12]) send({ messageId, payload: `reading ${messageId}` });
    expect(taken).toEqual(["reading 7", "reading 3", "reading 65535", "reading 12"]);
    expect(written).toEqual([]);
    pass(20);
    durable(3);
    durable(0);
    durable(1);
    expect(written).toEqual([[7, 3, 65_535], [12]]);
    expect(waited).toEqual([20, 20, 20, 20]);
  });

  it("no more than the bound at a time, and goes on when there is room", async () => {
    const { lane, send, durable, written } = opened();
    for (let messageId = 1; messageId <= IN_FLIGHT_MAX; messageId++) expect(send({ messageId })).toBe(true);
    expect(send({ messageId: 9_999 })).toBe(false);
    let hasRoom = false;
    const room = lane.whenRoom().then(() => {
      hasRoom = true;
    });
    await settled();
    expect(hasRoom).toBe(false);
    durable(1);
    await room;
    expect(send({ messageId: 9_999 })).toBe(true);
    durable(IN_FLIGHT_MAX);
    expect(written.flat()).toEqual([...Array.from({ length: IN_FLIGHT_MAX }, (_, index) => index + 1), 9_999]);
  });

  it("a signature only after the readings before it", async () => {
    const { send, durable, written, signatures } = opened();
    const signature = { topic: deviceTopic("meter-1", "signature"), payload: "signed", messageId: 2 };
    send({ messageId: 1 });
    expect(send(signature)).toBe(false);
    durable(1);
    expect(send(signature)).toBe(true);
    await settled();
    expect(signatures).toEqual(["signature signed"]);
    expect(written).toEqual([[1], [2]]);
  });

  it("nothing that is not durable", () => {
    const { lane, send, refuseNext, written, failures } = opened();
    send({ messageId: 1 });
    lane.onFailed(new Error("the log is broken"));
    refuseNext(new Error("overloaded"));
    send({ messageId: 2 });
    expect(failures.map(String)).toEqual(["Error: the log is broken", "Error: overloaded"]);
    expect(written).toEqual([]);
  });
});
