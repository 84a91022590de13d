import { deviceTopic } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { connectRefusal, publishAccess, subscribeRefusal } from "./access.ts";

const KEY = new Uint8Array(32).fill(1);
const IDENTITY = { deviceId: "meter-1", publicKey: KEY };
const CLAIM = { clientId: "meter-1", isClean: true, hasWill: false };

describe("CONNECT", () => {
  it("is let through for an enrolled device under its own name", () => {
    expect(connectRefusal(IDENTITY, CLAIM, new Uint8Array(KEY))).toBeUndefined();
    expect(connectRefusal(IDENTITY, { ...CLAIM, isClean: false }, KEY)).toBeUndefined();
  });

  it.each([
    ["client_id_empty", { clientId: "", isClean: false }, KEY],
    ["client_id_mismatch", { clientId: "" }, KEY],
    ["client_id_mismatch", { clientId: "meter-2" }, KEY],
    ["will", { hasWill: true }, KEY],
    ["not_enrolled", {}, undefined],
    ["not_enrolled", {}, new Uint8Array(32).fill(2)],
  ] as const)("is refused as %s for %j", (reason, claim, enrolledKey) => {
    expect(connectRefusal(IDENTITY, { ...CLAIM, ...claim }, enrolledKey)).toBe(reason);
  });
});

describe("PUBLISH", () => {
  const own = deviceTopic("meter-1", "reading");
  const claim = { topic: own, qos: 1, retain: false };

  it("is let through on the device's own exact topics", () => {
    expect(publishAccess("meter-1", claim)).toEqual({ isAllowed: true, channel: "reading" });
    const signature = { ...claim, topic: deviceTopic("meter-1", "signature") };
    expect(publishAccess("meter-1", signature)).toEqual({ isAllowed: true, channel: "signature" });
  });

  it.each([
    ["retain", { retain: true }],
    ["qos_0", { qos: 0 }],
    ["qos_2", { qos: 2 }],
    ["foreign_topic", { topic: deviceTopic("meter-2", "reading") }],
    ["foreign_topic", { topic: deviceTopic("meter-1", "setpoint") }],
    ["foreign_topic", { topic: `${own}/` }],
    ["reserved_topic", { topic: "$SYS/broker/version" }],
    ["wildcard_topic", { topic: own.replace("meter-1", "+") }],
  ] as const)("is refused as %s for %j", (reason, change) => {
    expect(publishAccess("meter-1", { ...claim, ...change })).toEqual({ isAllowed: false, reason });
  });
});

describe("SUBSCRIBE", () => {
  it("is let through on the device's own exact topics", () => {
    expect(subscribeRefusal("meter-1", { topic: deviceTopic("meter-1", "setpoint"), qos: 1 })).toBeUndefined();
    expect(subscribeRefusal("meter-1", { topic: deviceTopic("meter-1", "sign-request"), qos: 1 })).toBeUndefined();
  });

  it.each([
    ["foreign_topic", deviceTopic("meter-2", "setpoint"), 1],
    ["foreign_topic", deviceTopic("meter-1", "reading"), 1],
    ["wildcard_topic", "#", 1],
    ["wildcard_topic", deviceTopic("meter-1", "setpoint").replace("setpoint", "+"), 1],
    ["reserved_topic", "$SYS/#", 1],
    ["qos_2", deviceTopic("meter-1", "setpoint"), 2],
    ["qos_0", deviceTopic("meter-1", "setpoint"), 0],
  ] as const)("is refused as %s for %s at QoS %i", (reason, topic, qos) => {
    expect(subscribeRefusal("meter-1", { topic, qos })).toBe(reason);
  });
});
