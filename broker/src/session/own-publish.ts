import { type Channel, DEVICE_PUBLISH_CHANNELS, deviceTopic } from "@gridpact/proto";

/** First bytes of a PUBLISH with QoS 1 that is not to be retained: sent for the first time, or again. [MQTT-3.3.1] */
const QOS_1 = 0x32;
const QOS_1_DUP = 0x3a;

const LENGTH_BYTES = 2;
const PACKET_ID_BYTES = 2;

/** A PUBLISH as a device may send it. One object serves all packets of a connection. */
export class OwnPublish {
  channel: Channel = "reading";
  packetId = 0;
  payloadStart = 0;
  readonly #topics: readonly { channel: Channel; bytes: Uint8Array }[];

  constructor(deviceId: string) {
    this.#topics = DEVICE_PUBLISH_CHANNELS.map((channel) => ({
      channel,
      bytes: topicBytes(deviceTopic(deviceId, channel)),
    }));
  }

  /**
   * Reads the packet whose body stands at `[bodyStart, end)`. False for everything but a well-formed PUBLISH of QoS 1,
   * not retained, on one of the device's own exact topics: whatever else it is, the broker's parser and hooks know.
   */
  read(bytes: Uint8Array, packet: { firstByte: number; bodyStart: number; end: number }): boolean {
    const { firstByte, bodyStart, end } = packet;
    if (firstByte !== QOS_1 && firstByte !== QOS_1_DUP) return false;
    for (const { channel, bytes: topic } of this.#topics) {
      const topicEnd = bodyStart + topic.length;
      if (topicEnd + PACKET_ID_BYTES > end || !standsAt(topic, bytes, bodyStart)) continue;
      this.channel = channel;
      this.packetId = ((bytes[topicEnd] as number) << 8) | (bytes[topicEnd + 1] as number);
      this.payloadStart = topicEnd + PACKET_ID_BYTES;
      // [MQTT-2.3.1-1]
      return this.packetId !== 0;
    }
    return false;
  }
}

function topicBytes(topic: string): Uint8Array {
  const text = Buffer.from(topic);
  const bytes = Buffer.alloc(LENGTH_BYTES + text.length);
  bytes.writeUInt16BE(text.length);
  text.copy(bytes, LENGTH_BYTES);
  return bytes;
}

/** From the end, where the topics of a device differ. A third of the cost of a call out of JavaScript. */
function standsAt(expected: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = expected.length - 1; index >= 0; index--) {
    if (bytes[start + index] !== expected[index]) return false;
  }
  return true;
}
