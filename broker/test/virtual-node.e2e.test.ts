import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeDisk } from "@gridpact/host";
import { deviceTopic } from "@gridpact/proto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HeldDisk } from "./held-disk.ts";
import { boundary, MeteringDevice } from "./metering-device.ts";
import { TestNode } from "./running-node.ts";

let directory = "";
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "gridpact-vn-"));
});
afterEach(() => rm(directory, { recursive: true }));

const TOPIC = deviceTopic("meter-1", "reading");

describe("a virtual node with real sockets", () => {
  it("acknowledges a reading only when the log is synced", async () => {
    const disk = new HeldDisk(nodeDisk(directory));
    const node = await TestNode.start({ disk });
    const device = new MeteringDevice("meter-1", 1);
    const client = await node.connect(device);
    disk.hold();
    let isAcknowledged = false;
    const published = client.publishAsync(TOPIC, Buffer.from(device.envelope(boundary(0))), { qos: 1 }).then(() => {
      isAcknowledged = true;
    });
    await expect.poll(() => disk.waiting()).toBe(1);
    // A ping goes to and fro: the acknowledgement had every chance to come.
    const answered = new Promise((resolve) => client.once("packetreceive", resolve));
    client.sendPing();
    expect(await answered).toMatchObject({ cmd: "pingresp" });
    expect(isAcknowledged).toBe(false);
    disk.release();
    await published;
    expect(node.running.node.counts().ingest).toMatchObject({ received: 1, accepted: 1 });
    await client.endAsync();
    await node.stop();
  });

  it("keeps devices, readings and batches over a restart, and acknowledges a resend as a duplicate", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const disk = nodeDisk(directory);
    const config = { dataDirectory: directory, store: { kind: "sqlite" } } as const;
    const before = await TestNode.start({ disk, config });
    const client = await before.connect(device);
    const envelope = device.envelope(boundary(0), boundary(1), boundary(2));
    await client.publishAsync(TOPIC, Buffer.from(envelope), { qos: 1 });
    await client.endAsync();
    await before.stop();

    const after = await TestNode.start({ disk, config, outbox: before.outbox });
    const { node, store } = after.running;
    expect(node.devices()).toMatchObject([{ deviceId: "meter-1", registration: "registered" }]);
    const again = await after.connect(device);
    await again.publishAsync(TOPIC, Buffer.from(envelope), { qos: 1 });
    expect(node.counts().ingest).toMatchObject({ received: 1, accepted: 0, duplicates: 1 });
    const registers = await node.evidence.registersAt("meter-1", [boundary(0), boundary(2)]);
    expect(registers.map((value) => value?.importWh)).toEqual([1_250n, 1_750n]);
    expect(node.windows.sum(boundary(0))).toMatchObject({ importWh: 250n });
    const query = { deviceId: "meter-1", fromUnixMs: boundary(0), toUnixMs: boundary(4), stepMs: 900_000 };
    await expect.poll(async () => (await store?.history(query))?.length).toBe(3);
    await again.endAsync();
    await after.stop();
  });

  it("brings setpoints to the device that subscribed, and its signatures to the agent", async () => {
    const received: { deviceId: string; text: string }[] = [];
    const node = await TestNode.start();
    const device = new MeteringDevice("meter-1", 1);
    const client = await node.connect(device);
    const setpoint = deviceTopic("meter-1", "setpoint");
    const message = new Promise<string>((resolve) => client.once("message", (_, payload) => resolve(`${payload}`)));
    const send = () => node.running.devices.send("meter-1", "setpoint", Buffer.from("down"));
    await expect(send()).rejects.toMatchObject({ code: "DEVICE_OFFLINE" });
    await client.subscribeAsync(setpoint, { qos: 1 });
    await send();
    expect(await message).toBe("down");
    node.running.node.onMessage("signature", (deviceId, bytes) =>
      received.push({ deviceId, text: Buffer.from(bytes).toString() }),
    );
    await client.publishAsync(deviceTopic("meter-1", "signature"), "signed", { qos: 1 });
    expect(received).toEqual([{ deviceId: "meter-1", text: "signed" }]);
    await client.unsubscribeAsync(setpoint);
    await expect(send()).rejects.toMatchObject({ code: "DEVICE_OFFLINE" });
    await client.endAsync();
    await node.stop();
  });
});
