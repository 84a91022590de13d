import { silentLog, VirtualClock } from "@gridpact/host";
import { decode } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { SetpointSender } from "./setpoint-sender.ts";

function setUp() {
  const clock = new VirtualClock(0);
  const sent: Uint8Array[] = [];
  const state = { isOffline: false };
  const send = async (_: string, __: string, bytes: Uint8Array) => {
    if (state.isOffline) throw new Error("offline");
    sent.push(bytes);
  };
  const sender = new SetpointSender({ resendMs: 30_000 }, { clock, log: silentLog, deviceLink: { send } });
  const order = (revision = 1) => sender.send({ deviceId: "a", eventId: "e", revision, limits: [] });
  return { clock, sent, state, order };
}

describe("SetpointSender", () => {
  it("sends a setpoint once in its period, always with the same revision", async () => {
    const { clock, sent, order } = setUp();
    order();
    await clock.advanceTo(29_999);
    order();
    expect(sent).toHaveLength(1);
    await clock.advanceTo(30_000);
    order();
    expect(sent.map((bytes) => decode("Setpoint", bytes).revision)).toEqual([1, 1]);
  });

  it("sends another one at once when it was changed, with a higher revision", () => {
    const { sent, order } = setUp();
    order();
    order(2);
    order(2);
    expect(sent.map((bytes) => decode("Setpoint", bytes).revision)).toEqual([1, 2]);
  });

  it("tries again at the next occasion when the device is away", async () => {
    const { clock, sent, state, order } = setUp();
    state.isOffline = true;
    order();
    await clock.advanceTo(1);
    state.isOffline = false;
    order();
    expect(sent).toHaveLength(1);
  });
});
