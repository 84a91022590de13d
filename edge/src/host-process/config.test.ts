import { describe, expect, it } from "vitest";
import { DEVICES_MAX, FeidHostConfigError, parseFeidHostConfig } from "./config.ts";

const valid = {
  enrolmentUrl: "https://vn.example:8443/enrol",
  caPem: "-----BEGIN CERTIFICATE-----\n",
  mqttHost: "vn.example",
  readingPeriodMs: 60_000,
  mtuMs: 900_000,
  devices: [{ deviceId: "d-1", token: "secret" }],
};

function faultsOf(document: unknown): readonly string[] {
  try {
    parseFeidHostConfig(document);
    return [];
  } catch (error) {
    if (error instanceof FeidHostConfigError) return error.faults;
    throw error;
  }
}

describe("parseFeidHostConfig", () => {
  it("takes a valid document and freezes it", () => {
    const devices = [{ deviceId: "d-1", token: "secret", balances: true }];
    expect(parseFeidHostConfig({ ...valid, devices })).toEqual({ ...valid, devices });
    // Nobody takes part in balancing without having said so.
    expect(parseFeidHostConfig(valid).devices).toEqual([{ ...valid.devices[0], balances: false }]);
    expect(parseFeidHostConfig({ ...valid, historyFromUnixMs: 5 }).historyFromUnixMs).toBe(5);
    expect(parseFeidHostConfig({ ...valid, acceptsMoves: true }).acceptsMoves).toBe(true);
    expect(Object.isFrozen(parseFeidHostConfig(valid))).toBe(true);
  });

  it("lists all faults at once, under a stable code", () => {
    expect(() => parseFeidHostConfig(undefined)).toThrow(expect.objectContaining({ code: "FEID_HOST_CONFIG" }));
    expect(
      faultsOf({ enrolmentUrl: "http://vn", readingPeriodMs: 999, mtuMs: 1.5, color: "red", devices: [{}] }),
    ).toEqual([
      "color: no such field",
      "enrolmentUrl: not valid",
      "caPem: missing",
      "mqttHost: missing",
      "readingPeriodMs: not an integer from 1000 to 900000",
      "mtuMs: not an integer from 60000 to 3600000",
      "devices[0].deviceId: missing",
      "devices[0].token: missing",
    ]);
  });

  it.each([
    ["no document", undefined, "the document is not a JSON object"],
    ["no devices", { ...valid, devices: [] }, "devices: not a list of 1 to 1024"],
    ["a word about moves", { ...valid, acceptsMoves: "yes" }, "acceptsMoves: not true or false"],
    ["history from a fraction", { ...valid, historyFromUnixMs: 0.5 }, /^historyFromUnixMs: not an integer/],
    [
      "a device id with a slash",
      { ...valid, devices: [{ deviceId: "a/b", token: "t" }] },
      "devices[0].deviceId: not valid",
    ],
    [
      "a doubtful word on balancing",
      { ...valid, devices: [{ deviceId: "d-1", token: "t", balances: "yes" }] },
      "devices[0].balances: not true or false",
    ],
    [
      "a misspelt word on balancing, which would be passed over in silence",
      { ...valid, devices: [{ deviceId: "d-1", token: "t", balance: true }] },
      "devices[0].balance: no such field",
    ],
    [
      "a device twice",
      { ...valid, devices: [...valid.devices, ...valid.devices] },
      "devices[1].deviceId: d-1 stands twice",
    ],
  ])("refuses %s", (_name, document, fault) => {
    const matching = typeof fault === "string" ? fault : expect.stringMatching(fault);
    expect(faultsOf(document)).toContainEqual(matching);
  });

  it("takes as many devices as its bound and refuses one more", () => {
    const devices = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ deviceId: `d-${index}`, token: "t" }));
    expect(faultsOf({ ...valid, devices: devices(DEVICES_MAX) })).toEqual([]);
    expect(faultsOf({ ...valid, devices: devices(DEVICES_MAX + 1) })).toEqual(["devices: not a list of 1 to 1024"]);
  });
});
