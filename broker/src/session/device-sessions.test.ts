import { VirtualClock } from "@gridpact/host";
import { deviceTopic } from "@gridpact/proto";
import type { Client } from "aedes";
import { describe, expect, it } from "vitest";
import { ACKNOWLEDGE_TIMEOUT_MS, DeviceSessions, SENDS_PENDING_MAX } from "./device-sessions.ts";

const SETPOINT = deviceTopic("meter-1", "setpoint");

function client(): Client & { published: string[] } {
  const published: string[] = [];
  const publish = (packet: { payload: Buffer }) => published.push(packet.payload.toString());
  return { id: "meter-1", published, publish } as unknown as Client & { published: string[] };
}

function connected() {
  const clock = new VirtualClock(0);
  const sessions = new DeviceSessions(clock);
  const device = client();
  sessions.connected(device);
  sessions.subscribed(device, SETPOINT);
  const send = (text: string) => sessions.send("meter-1", "setpoint", Buffer.from(text));
  return { clock, sessions, device, send };
}

describe("DeviceSessions", () => {
  it("resolves a message when the device has acknowledged it, in order", async () => {
    const { sessions, device, send } = connected();
    const settled: string[] = [];
    const both = ["a", "b"].map((text) => send(text).then(() => settled.push(text)));
    expect(device.published).toEqual(["a", "b"]);
    sessions.acknowledged(device);
    await both[0];
    expect(settled).toEqual(["a"]);
    sessions.acknowledged(device);
    await both[1];
    expect(settled).toEqual(["a", "b"]);
  });

  it("says that a device is offline when it is away, goes away, or does not listen", async () => {
    const { sessions, device, send } = connected();
    const offline = { code: "DEVICE_OFFLINE", deviceId: "meter-1" };
    const pending = expect(send("a")).rejects.toMatchObject(offline);
    sessions.disconnected(device);
    await pending;
    await expect(send("b")).rejects.toMatchObject(offline);
    sessions.connected(client());
    await expect(send("c")).rejects.toMatchObject(offline);
  });

  it("does not mistake the end of an old session for that of the new one", async () => {
    const { sessions, device, send } = connected();
    const next = client();
    sessions.connected(next);
    sessions.subscribed(next, SETPOINT);
    sessions.disconnected(device);
    const sent = send("a");
    sessions.acknowledged(next);
    await sent;
    expect(next.published).toEqual(["a"]);
    expect(sessions.size()).toBe(1);
  });

  it("gives up a device that is silent, and takes its late answer for what it answers", async () => {
    const { clock, sessions, device, send } = connected();
    const silent = expect(send("a")).rejects.toMatchObject({ code: "DEVICE_SILENT" });
    await clock.advanceTo(ACKNOWLEDGE_TIMEOUT_MS);
    await silent;
    let isThere = false;
    const second = send("b").then(() => {
      isThere = true;
    });
    sessions.acknowledged(device);
    await clock.advanceTo(ACKNOWLEDGE_TIMEOUT_MS + 1);
    expect(isThere).toBe(false);
    sessions.acknowledged(device);
    await second;
    expect(isThere).toBe(true);
  });

  it("keeps as many unacknowledged as its bound, and no more", async () => {
    const { sessions, device, send } = connected();
    const pending = Array.from({ length: SENDS_PENDING_MAX }, () => send("x"));
    await expect(send("y")).rejects.toMatchObject({ code: "DEVICE_BACKLOGGED" });
    for (const _ of pending) sessions.acknowledged(device);
    await Promise.all(pending);
    expect(device.published.length).toBe(SENDS_PENDING_MAX);
  });

  it("sends nothing after the topic was unsubscribed", async () => {
    const { sessions, device, send } = connected();
    sessions.unsubscribed(device, [SETPOINT]);
    await expect(send("a")).rejects.toMatchObject({ code: "DEVICE_OFFLINE" });
    expect(device.published).toEqual([]);
  });
});
