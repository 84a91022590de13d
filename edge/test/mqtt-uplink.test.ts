import { type Clock, SeededRandom, signingKeyFromSeed, silentLog, type Timer } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MqttUplink, type MqttUplinkOptions } from "../src/uplink/index.ts";
import { keyPem, makeAuthority } from "./certificates.ts";
import { FakeBroker } from "./fake-broker.ts";

const DEVICE = "d-1";
const READING_TOPIC = "gridpact/v1/d-1/reading";
const SETPOINT_TOPIC = "gridpact/v1/d-1/setpoint";
const random = new SeededRandom("mqtt");
const serverKey = signingKeyFromSeed(random.bytes(32));
const deviceKey = signingKeyFromSeed(random.bytes(32));
const authority = makeAuthority(signingKeyFromSeed(random.bytes(32)));
const stranger = makeAuthority(signingKeyFromSeed(random.bytes(32)));
const caPem = authority.certificate.pem;
const serverCertificate = { pem: authority.issue("vn", serverKey.publicKey), keyPem: keyPem(serverKey) };

/** Timers fire when the test says so: no test waits for a back-off. */
class HeldClock implements Clock {
  readonly held: { delayMs: number; callback: () => void }[] = [];
  readonly #waiters: (() => void)[] = [];

  nowUnixMs(): number {
    return 0;
  }

  after(delayMs: number, callback: () => void): Timer {
    this.held.push({ delayMs, callback });
    for (const wake of this.#waiters.splice(0)) wake();
    return { cancel: () => undefined };
  }

  async untilHeld(): Promise<void> {
    while (this.held.length === 0) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  /** Waits for a timer and fires it; returns its delay. */
  async fire(): Promise<number> {
    await this.untilHeld();
    const timer = this.held.shift();
    timer?.callback();
    return timer?.delayMs ?? 0;
  }
}

let broker: FakeBroker;
let clock: HeldClock;
let uplink: MqttUplink | undefined;

async function open(
  changes: Partial<MqttUplinkOptions> = {},
): Promise<{ uplink: MqttUplink; connected: Promise<void> }> {
  const port = changes.port ?? (await broker.listen());
  const certificatePem = authority.issue(DEVICE, deviceKey.publicKey);
  const options = { deviceId: DEVICE, host: "127.0.0.1", port, certificatePem, keyPem: keyPem(deviceKey), caPem };
  const opened = new MqttUplink({ ...options, ...changes }, { clock, random, log: silentLog });
  uplink = opened;
  return { uplink: opened, connected: nextConnection(opened) };
}

function nextConnection(opened: MqttUplink): Promise<void> {
  return new Promise((resolve) => opened.onConnected(resolve));
}

beforeEach(() => {
  broker = new FakeBroker(serverCertificate, caPem);
  clock = new HeldClock();
});

afterEach(async () => {
  await uplink?.close();
  await broker.close();
});

describe("MqttUplink", () => {
  it("connects as its device with its certificate, keeps its session, and subscribes to its two topics", async () => {
    const { uplink, connected } = await open();
    expect(uplink.isConnected()).toBe(false);
    await uplink.connect();
    await connected;
    expect(uplink.isConnected()).toBe(true);
    const topics = [SETPOINT_TOPIC, "gridpact/v1/d-1/sign-request"];
    expect(broker.sessions).toEqual([{ clientId: DEVICE, isClean: false, commonName: DEVICE, topics }]);
  });

  it("resolves a publish at its PUBACK and not before", async () => {
    const { uplink, connected } = await open();
    await uplink.connect();
    await connected;
    broker.isAcking = false;
    let isDone = false;
    const unacked = uplink.publish("reading", Buffer.from("one")).finally(() => {
      isDone = true;
    });
    await broker.until(() => broker.published.length === 1);
    broker.isAcking = true;
    await uplink.publish("reading", Buffer.from("two"));
    expect(isDone).toBe(false);
    // QoS 1, no retain, and not a resend.
    expect(broker.published.map(({ topic, flags }) => [topic, flags])).toEqual(Array(2).fill([READING_TOPIC, 2]));
    broker.cut();
    await expect(unacked).rejects.toMatchObject({ code: "UPLINK_LOST" });
  });

  it("comes back after a cut, with a pause, and sends nothing again by itself", async () => {
    const { uplink, connected } = await open();
    await uplink.connect();
    await connected;
    broker.isAcking = false;
    const unacked = uplink.publish("reading", Buffer.from("one"));
    await broker.until(() => broker.published.length === 1);
    broker.cut();
    await expect(unacked).rejects.toMatchObject({ code: "UPLINK_LOST" });
    await expect(uplink.publish("reading", Buffer.from("two"))).rejects.toMatchObject({ code: "UPLINK_NOT_CONNECTED" });
    const reconnected = nextConnection(uplink);
    expect(await clock.fire()).toBeGreaterThanOrEqual(250);
    await reconnected;
    broker.isAcking = true;
    await uplink.publish("reading", Buffer.from("three"));
    expect(broker.published.map(({ payload }) => `${payload}`)).toEqual(["one", "three"]);
    expect(broker.sessions).toHaveLength(2);
  });

  it("tries again and again, ever later, until the virtual node is there", async () => {
    const port = await broker.listen();
    await broker.close();
    const { uplink, connected } = await open({ port });
    await uplink.connect();
    const pauses = [await clock.fire(), await clock.fire(), await clock.fire()];
    expect(pauses[2]).toBeGreaterThan(pauses[0] ?? 0);
    await clock.untilHeld();
    broker = new FakeBroker(serverCertificate, caPem);
    await broker.listen(port);
    await clock.fire();
    await connected;
    expect(uplink.isConnected()).toBe(true);
  });

  it("acknowledges a message after its handler is done, and not at all when the handler fails", async () => {
    const { uplink, connected } = await open();
    const seen: string[] = [];
    uplink.onMessage("setpoint", async (bytes) => {
      expect(broker.acked).toEqual(seen.length === 0 ? [] : [7]);
      seen.push(`${Buffer.from(bytes)}`);
      if (seen.length === 2) throw new Error("the disk failed");
    });
    await uplink.connect();
    await connected;
    broker.send(SETPOINT_TOPIC, Buffer.from("first"), 7);
    await broker.until(() => broker.acked.length === 1);
    broker.send(SETPOINT_TOPIC, Buffer.from("second"), 8);
    await clock.untilHeld();
    expect(seen).toEqual(["first", "second"]);
    expect(broker.acked).toEqual([7]);
  });

  it("does not talk to a server of another authority, nor to one that refuses it", async () => {
    const { uplink } = await open({ caPem: stranger.certificate.pem });
    await uplink.connect();
    await clock.untilHeld();
    expect(broker.sessions).toHaveLength(0);
    expect(uplink.isConnected()).toBe(false);
  });

  it.each([
    ["connection", { returnCode: 5 }],
    ["subscription", { grant: 128 }],
  ])("tries again later when its %s is refused", async (_name, refusal) => {
    Object.assign(broker, refusal);
    const { uplink } = await open();
    await uplink.connect();
    await clock.untilHeld();
    expect(uplink.isConnected()).toBe(false);
    expect(broker.sessions).toHaveLength(1);
  });

  it("is refused by the server without a certificate of its authority", async () => {
    const { uplink } = await open({ certificatePem: stranger.issue(DEVICE, deviceKey.publicKey) });
    await uplink.connect();
    await clock.untilHeld();
    expect(broker.sessions).toHaveLength(0);
  });

  it("stays closed once closed", async () => {
    const { uplink, connected } = await open();
    await uplink.connect();
    await connected;
    await uplink.close();
    expect(uplink.isConnected()).toBe(false);
    expect(clock.held).toHaveLength(0);
    await expect(uplink.publish("reading", new Uint8Array(1))).rejects.toMatchObject({ code: "UPLINK_NOT_CONNECTED" });
  });
});
