import { connect } from "node:tls";
import { SeededRandom, signingKeyFromSeed, wallClock } from "@gridpact/host";
import { issueAuthority, issueCertificate } from "@gridpact/ledger";
import { decode, deviceTopic, encode } from "@gridpact/proto";
import type { IConnectPacket, IPublishPacket, ISubscribePacket } from "mqtt-packet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { LISTENER_KINDS } from "./listener-kinds.ts";
import { boundary, MeteringDevice } from "./metering-device.ts";
import { ended, RawClient } from "./raw-client.ts";
import { TestNode } from "./running-node.ts";

describe.each(LISTENER_KINDS)("hostile clients, %s", (listener) => {
  let node: TestNode;
  beforeAll(async () => {
    node = await TestNode.start({ config: { listener } });
  });
  afterAll(() => node.stop());

  const refusals = (reason: string) =>
    node.metric("gridpact_session_refusals_total", { name: "reason", value: reason });
  const rejections = (reason: string) =>
    node.metric("gridpact_ingest_rejected_envelopes_total", { name: "reason", value: reason });

  let devices = 0;
  /** A device of its own for each test, so that none inherits another's quarantine. */
  function newDevice(): MeteringDevice {
    devices += 1;
    return new MeteringDevice(`meter-${devices}`, devices);
  }

  const CONNECT: IConnectPacket = {
    cmd: "connect",
    protocolId: "MQTT",
    protocolVersion: 4,
    clean: true,
    clientId: "",
    keepalive: 60,
  };
  const NOT_AUTHORISED = 5;
  const IDENTIFIER_REJECTED = 2;

  function publish(topic: string, change: Partial<IPublishPacket> = {}): IPublishPacket {
    return { cmd: "publish", topic, payload: "x", qos: 1, messageId: 1, dup: false, retain: false, ...change };
  }

  function subscribe(topic: string, qos: 0 | 1 | 2 = 1): ISubscribePacket {
    return { cmd: "subscribe", messageId: 2, subscriptions: [{ topic, qos }] };
  }

  async function rawClient(device: MeteringDevice): Promise<RawClient> {
    return new RawClient(await node.socket(device));
  }

  async function session(device: MeteringDevice): Promise<RawClient> {
    const client = await rawClient(device);
    client.send({ ...CONNECT, clientId: device.deviceId });
    expect(await client.next()).toMatchObject({ cmd: "connack", returnCode: 0 });
    return client;
  }

  describe("a wrong certificate", () => {
    it("of another authority does not get as far as MQTT", async () => {
      const device = newDevice();
      await node.enrol(device);
      const modules = { random: new SeededRandom("mallory"), clock: wallClock() };
      const authority = issueAuthority(
        { mspId: "VnMSP", key: signingKeyFromSeed(new Uint8Array(32).fill(200)) },
        modules,
      );
      const request = { authority, commonName: device.deviceId, publicKey: new Uint8Array(device.key.publicKey) };
      const forged = issueCertificate({ ...request, kind: "client" }, modules);
      const before = await refusals("tls_handshake");
      await ended(connect(node.credentials(device, forged)));
      await expect.poll(() => refusals("tls_handshake")).toBe(before + 1);
    });

    it("is none at all: refused likewise", async () => {
      const before = await refusals("tls_handshake");
      await ended(connect({ host: "localhost", port: node.running.ports.mqtt, ca: node.running.caPem }));
      await expect.poll(() => refusals("tls_handshake")).toBe(before + 1);
    });

    it("of a device that was revoked ends at CONNACK, and a session that is open ends soon", async () => {
      const device = newDevice();
      const certificatePem = await node.enrol(device);
      const open = new RawClient(await node.tls(device, certificatePem));
      open.send({ ...CONNECT, clientId: device.deviceId });
      expect(await open.next()).toMatchObject({ returnCode: 0 });
      const before = await refusals("not_enrolled");
      await node.running.node.revoke(device.deviceId, "stolen");
      await open.closed();
      const again = new RawClient(await node.tls(device, certificatePem));
      again.send({ ...CONNECT, clientId: device.deviceId });
      expect(await again.next()).toMatchObject({ returnCode: NOT_AUTHORISED });
      await again.closed();
      expect(await refusals("not_enrolled")).toBe(before + 2);
    });
  });

  describe("CONNECT", () => {
    it.each([
      ["client_id_mismatch", "another device's client id", { clientId: "meter-999" }, IDENTIFIER_REJECTED],
      ["client_id_mismatch", "an empty client id", { clientId: "" }, IDENTIFIER_REJECTED],
      [
        "client_id_empty",
        "an empty client id with clean session 0",
        { clientId: "", clean: false },
        IDENTIFIER_REJECTED,
      ],
      ["will", "a will", { will: { topic: "t", payload: Buffer.from("x"), qos: 0, retain: true } }, NOT_AUTHORISED],
    ] as const)("is refused as %s: %s", async (reason, _case, change, returnCode) => {
      const device = newDevice();
      const client = await rawClient(device);
      const before = await refusals(reason);
      // The library's writer refuses to make what a hostile client sends: its check is the clean flag's.
      client.send(connectBytes({ ...CONNECT, clientId: device.deviceId, ...change }));
      expect(await client.next()).toMatchObject({ cmd: "connack", returnCode });
      await client.closed();
      expect(await refusals(reason)).toBe(before + 1);
    });

    it.each([
      ["connect_missing", "PUBLISH before CONNECT", publish("t")],
      ["connect_too_large", "256 MB of CONNECT", Uint8Array.of(0x10, 0xff, 0xff, 0xff, 0x7f)],
    ] as const)("is demanded first, and small: %s, %s", async (reason, _case, packet) => {
      const client = await rawClient(newDevice());
      const before = await refusals(reason);
      client.send(packet);
      await client.closed();
      expect(await refusals(reason)).toBe(before + 1);
    });
  });

  describe("PUBLISH", () => {
    it.each([
      ["foreign_topic", "on another device's topic", () => publish(deviceTopic("meter-999", "reading"))],
      ["foreign_topic", "on its own downward topic", (id: string) => publish(deviceTopic(id, "setpoint"))],
      ["reserved_topic", "on $SYS", () => publish("$SYS/broker/heartbeat")],
      ["retain", "retained", (id: string) => publish(deviceTopic(id, "reading"), { retain: true })],
      ["qos_2", "with QoS 2", (id: string) => publish(deviceTopic(id, "reading"), { qos: 2 })],
      ["qos_0", "with QoS 0", (id: string) => publish(deviceTopic(id, "reading"), { qos: 0 })],
      ["protocol_error", "on a wildcard", () => publish("gridpact/#")],
      ["packet_too_large", "of 256 MB", () => Uint8Array.of(0x32, 0xff, 0xff, 0xff, 0x7f)],
      ["packet_unexpected", "answered by PUBREL alone", () => ({ cmd: "pubrel", messageId: 1 }) as const],
    ] as const)("is refused as %s %s, and ends the session unacknowledged", async (reason, _case, packetOf) => {
      const device = newDevice();
      const client = await session(device);
      const before = await refusals(reason);
      client.send(packetOf(device.deviceId));
      expect(await client.next()).toBeUndefined();
      await expect.poll(() => refusals(reason)).toBe(before + 1);
    });
  });

  describe("SUBSCRIBE", () => {
    it.each([
      ["wildcard_topic", "to everything", "#", 1],
      ["wildcard_topic", "to all devices", "gridpact/v1/+/setpoint", 1],
      ["reserved_topic", "to $SYS", "$SYS/#", 1],
      ["qos_2", "at QoS 2", "own", 2],
      ["foreign_topic", "to another device's setpoints", deviceTopic("meter-999", "setpoint"), 1],
    ] as const)("is refused as %s %s, without ending the session", async (reason, _case, topic, qos) => {
      const device = newDevice();
      const client = await session(device);
      const before = await refusals(reason);
      client.send(subscribe(topic === "own" ? deviceTopic(device.deviceId, "setpoint") : topic, qos));
      expect(await client.next()).toMatchObject({ cmd: "suback", granted: [128] });
      expect(await refusals(reason)).toBe(before + 1);
      client.send(subscribe(deviceTopic(device.deviceId, "setpoint")));
      expect(await client.next()).toMatchObject({ cmd: "suback", granted: [1] });
      client.end();
    });
  });

  describe("an envelope", () => {
    /** Publishes on the device's own topic; resolves when the server has acknowledged. */
    async function deliver(client: RawClient, device: MeteringDevice, payload: Uint8Array): Promise<void> {
      client.send(publish(deviceTopic(device.deviceId, "reading"), { payload: Buffer.from(payload) }));
      expect(await client.next()).toMatchObject({ cmd: "puback" });
    }

    /** The same envelope with other readings, signed by the device itself. */
    function equivocation(device: MeteringDevice, envelope: Uint8Array): Uint8Array {
      const payload = decode("EnvelopePayload", decode("SignedEnvelope", envelope).payload);
      const readings = payload.readings.map((reading) => ({ ...reading, powerW: reading.powerW + 1n }));
      return device.sign(encode("EnvelopePayload", { ...payload, readings }));
    }

    it("with a bad signature is acknowledged as rejected, and the device ends in quarantine", async () => {
      const device = newDevice();
      const client = await session(device);
      const before = await rejections("bad_signature");
      const { payload } = decode("SignedEnvelope", device.envelope(boundary(0)));
      const forged = encode("SignedEnvelope", { payload, signature: new Uint8Array(64) });
      for (let count = 0; count < 16; count++) await deliver(client, device, forged);
      expect(await rejections("bad_signature")).toBe(before + 16);
      const quarantined = await rejections("quarantined");
      await deliver(client, device, forged);
      expect(await rejections("quarantined")).toBe(quarantined + 1);
      client.end();
    });

    it("that is replayed is acknowledged and stored once", async () => {
      const device = newDevice();
      const client = await session(device);
      const before = await node.metric("gridpact_ingest_duplicate_envelopes_total");
      const accepted = await node.metric("gridpact_ingest_accepted_envelopes_total");
      const envelope = device.envelope(boundary(0));
      for (let count = 0; count < 3; count++) await deliver(client, device, envelope);
      expect(await node.metric("gridpact_ingest_duplicate_envelopes_total")).toBe(before + 2);
      expect(await node.metric("gridpact_ingest_accepted_envelopes_total")).toBe(accepted + 1);
      client.end();
    });

    it("that contradicts an accepted one quarantines its device", async () => {
      const device = newDevice();
      const client = await session(device);
      const before = await rejections("equivocation");
      const envelope = device.envelope(boundary(0));
      await deliver(client, device, envelope);
      await deliver(client, device, equivocation(device, envelope));
      expect(await rejections("equivocation")).toBe(before + 1);
      expect(node.engine.quarantined()).toContain(device.deviceId);
      expect(await node.metric("gridpact_enrolment_quarantined_devices")).toBe(node.engine.quarantined().length);
      client.end();
    });

    it("of another device is rejected on this one's topic", async () => {
      const [device, other] = [newDevice(), newDevice()];
      await node.enrol(other);
      const client = await session(device);
      const before = await rejections("identity_mismatch");
      await deliver(client, device, other.envelope(boundary(0)));
      expect(await rejections("identity_mismatch")).toBe(before + 1);
      client.end();
    });

    it("that is none is rejected, and logged with its reason", async () => {
      const device = newDevice();
      const client = await session(device);
      const before = await rejections("malformed");
      await deliver(client, device, Buffer.from("not protobuf"));
      expect(await rejections("malformed")).toBe(before + 1);
      client.end();
    });
  });

  describe("enrolment", () => {
    const refused = (reason: string) =>
      node.metric("gridpact_enrolment_refusals_total", { name: "reason", value: reason });

    it("of a small-order key is refused, token or not", async () => {
      const before = await refused("key_not_enrollable");
      const token = await node.running.node.issueToken({ deviceId: "meter-small", feeder: "feeder-1" });
      // The neutral element of the curve: under ZIP-215 it verifies signatures that nobody made.
      const publicKey = new Uint8Array(32);
      publicKey[0] = 1;
      const request = new MeteringDevice("meter-small", 99).enrolmentRequest(token);
      const answer = await node.post({ ...request, publicKey });
      expect(answer).toMatchObject({ status: 400, body: { code: "key_not_enrollable" } });
      expect(await refused("key_not_enrollable")).toBe(before + 1);
    });

    it("without possession of the key is refused", async () => {
      const token = await node.running.node.issueToken({ deviceId: "meter-thief", feeder: "feeder-1" });
      const request = new MeteringDevice("meter-thief", 98).enrolmentRequest(token);
      const { publicKey } = new MeteringDevice("meter-victim", 97).enrolmentRequest(token);
      expect(await node.post({ ...request, publicKey })).toMatchObject({
        status: 403,
        body: { code: "proof_invalid" },
      });
    });

    it("with a token that is unknown, used, or another device's is refused", async () => {
      const device = newDevice();
      const token = await node.running.node.issueToken({ deviceId: device.deviceId, feeder: "feeder-1" });
      const other = newDevice();
      const unknown = { status: 403, body: { code: "token_unknown" } };
      expect(await node.post(device.enrolmentRequest("no-token"))).toMatchObject(unknown);
      expect(await node.post(other.enrolmentRequest(token))).toMatchObject(unknown);
      expect(await node.post(device.enrolmentRequest(token))).toMatchObject({ status: 200 });
      expect(await node.post(other.enrolmentRequest(token))).toMatchObject(unknown);
    });

    it("of bytes that are no request, or too many, is refused", async () => {
      const malformed = { status: 400, body: { code: "request_malformed" } };
      expect(await node.post(Buffer.from([0xff, 0xff]))).toMatchObject(malformed);
      expect(await node.post(new Uint8Array(8 * 1024 + 1))).toMatchObject({ status: 413 });
    });
  });

  /** CONNECT as bytes, without the checks of a well-meaning writer. */
  function connectBytes({ clientId, clean, will }: IConnectPacket): Uint8Array {
    const text = (value: string) => {
      const bytes = Buffer.from(value);
      return Buffer.concat([Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes]);
    };
    const flags = (clean ? 0x02 : 0) | (will === undefined ? 0 : 0x24);
    const payload = [text(clientId), ...(will === undefined ? [] : [text(will.topic), text(will.payload.toString())])];
    const body = Buffer.concat([text("MQTT"), Uint8Array.of(4, flags, 0, 60), ...payload]);
    return Buffer.concat([Uint8Array.of(0x10, body.length), body]);
  }
});
