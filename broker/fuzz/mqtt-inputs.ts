import type { SeededRandom } from "@gridpact/host";
import { deviceTopic } from "@gridpact/proto";
import { generate, type Packet } from "mqtt-packet";

/** A connection's bytes, in the pieces in which they arrive. */
export type FuzzInput = { chunks: Buffer[] };

/** Whose topics the well-formed packets name; the certificate of a fuzzed connection has the same. */
export const DEVICE_ID = "meter-1";

const OWN = deviceTopic(DEVICE_ID, "reading");

/** Bytes that mean something at the places where they stand: types, flags, lengths at their limits. */
const TELLING_BYTES = [0x00, 0x01, 0x02, 0x10, 0x30, 0x32, 0x3a, 0x36, 0x62, 0x7f, 0x80, 0x82, 0xc0, 0xe0, 0xff];

const CONNECT: Packet = { cmd: "connect", clientId: DEVICE_ID, clean: true, protocolVersion: 4, keepalive: 60 };

/** What an honest device sends, and what one tries that is not. */
const PACKETS: readonly Packet[] = [
  publish(OWN, 10),
  publish(OWN, 180),
  { ...publish(OWN, 180), dup: true },
  publish(OWN, 3_000),
  publish(OWN, 0),
  publish(deviceTopic(DEVICE_ID, "signature"), 90),
  { ...publish(OWN, 10), retain: true },
  { ...publish(OWN, 10), qos: 0 },
  { ...publish(OWN, 10), qos: 2 },
  publish(deviceTopic("meter-2", "reading"), 10),
  publish("$SYS/broker", 10),
  { cmd: "subscribe", messageId: 7, subscriptions: [{ topic: deviceTopic(DEVICE_ID, "setpoint"), qos: 1 }] },
  { cmd: "subscribe", messageId: 8, subscriptions: [{ topic: "#", qos: 2 }] },
  { cmd: "unsubscribe", messageId: 9, unsubscriptions: [deviceTopic(DEVICE_ID, "setpoint")] },
  { cmd: "puback", messageId: 3 },
  { cmd: "pubrel", messageId: 3 },
  { cmd: "pingreq" },
  { cmd: "disconnect" },
];

const CONNECT_BYTES = generate(CONNECT);
const PACKET_BYTES: readonly Buffer[] = PACKETS.map((packet) => generate(packet));

/** Of honest packets in a stream. */
const PACKETS_MAX = 6;

/** Bytes that may come one by one: all of CONNECT, and what follows it up to a topic's end. */
const SINGLE_BYTES = 64;

/** Changes of one stream. */
const CHANGES_MAX = 4;

function publish(topic: string, payloadBytes: number) {
  const payload = Buffer.alloc(payloadBytes, 0x55);
  return { cmd: "publish", topic, payload, qos: 1, messageId: 5, dup: false, retain: false } as const;
}

/** Every other connection has a CONNECT as it should be, so that what follows it is reached. */
export function fuzzInput(random: SeededRandom): FuzzInput {
  const first = random.below(2) === 0 ? CONNECT_BYTES : changed(CONNECT_BYTES, random);
  const packets = Array.from({ length: random.below(PACKETS_MAX) }, () => pick(PACKET_BYTES, random));
  const rest = random.below(8) === 0 ? Buffer.from(random.bytes(random.below(200))) : Buffer.concat(packets);
  return { chunks: cut(Buffer.concat([first, changed(rest, random)]), random) };
}

function changed(bytes: Buffer, random: SeededRandom): Buffer {
  let result = bytes;
  for (let change = random.below(CHANGES_MAX); change > 0; change--) result = changedOnce(result, random);
  return result;
}

function changedOnce(bytes: Buffer, random: SeededRandom): Buffer {
  const at = random.below(bytes.length + 1);
  const until = Math.min(bytes.length, at + 1 + random.below(8));
  switch (random.below(5)) {
    case 0: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = (copy[at] as number) ^ (1 << random.below(8));
      return copy;
    }
    case 1: {
      const copy = Buffer.from(bytes);
      if (at < copy.length) copy[at] = pick(TELLING_BYTES, random);
      return copy;
    }
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(until)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, until), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at)]);
  }
}

/** In up to four pieces; now and then the beginning byte by byte. */
function cut(bytes: Buffer, random: SeededRandom): Buffer[] {
  const single = random.below(32) === 0 ? Math.min(bytes.length, SINGLE_BYTES) : 0;
  const pieceBytes = Math.max(1, Math.ceil((bytes.length - single) / (1 + random.below(4))));
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = at < single ? at + 1 : at + pieceBytes;
    chunks.push(Buffer.from(bytes.subarray(at, end)));
    at = end;
  }
  return chunks;
}

function pick<T>(list: readonly T[], random: SeededRandom): T {
  return list[random.below(list.length)] as T;
}
