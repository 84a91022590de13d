import type { DeviceLink } from "@gridpact/broker";
import { VirtualClock } from "@gridpact/host";
import { decode } from "@gridpact/proto";
import { expect, it } from "vitest";
import { fanOut, serveFanOut } from "./fan-out.ts";

/** Device `away` is not there. */
function link(): DeviceLink & { sent: { deviceId: string; channel: string; eventId: string }[] } {
  const sent: { deviceId: string; channel: string; eventId: string }[] = [];
  return {
    sent,
    async send(deviceId, channel, bytes) {
      if (deviceId === "away") throw new Error("away");
      sent.push({ deviceId, channel, eventId: decode("Setpoint", bytes).eventId });
    },
  };
}

it("sends the same setpoint to every device, and counts those that are not there", async () => {
  const devices = link();
  const clock = new VirtualClock(5_000);
  const result = await fanOut(devices, ["a", "away", "b"], { clock, eventNo: 7 });
  expect(result).toEqual({ eventId: "fan-out/7/5000", sentUnixMs: 5_000, devices: 3, acknowledged: 2 });
  expect(devices.sent).toEqual([
    { deviceId: "a", channel: "setpoint", eventId: "fan-out/7/5000" },
    { deviceId: "b", channel: "setpoint", eventId: "fan-out/7/5000" },
  ]);
});

it("serves one fan-out for each POST", async () => {
  const devices = link();
  const url = await serveFanOut(devices, ["a"]);
  for (const eventNo of [1, 2]) {
    const answer = (await (await fetch(url, { method: "POST" })).json()) as { eventId: string };
    expect(answer).toMatchObject({ devices: 1, acknowledged: 1 });
    expect(answer.eventId.startsWith(`fan-out/${eventNo}/`)).toBe(true);
  }
  expect(devices.sent).toHaveLength(2);
});
