import { describe, expect, it } from "vitest";
import { formatDateTime, parseDateTime } from "./date-time.ts";
import { addDuration, durationMs, isDuration } from "./duration.ts";
import { formatPayload, parsePayload } from "./payload.ts";

const encode = (text: string) => new TextEncoder().encode(text);

describe("date-times", () => {
  it.each([
    ["2026-11-22T03:31:18.182405Z", Date.UTC(2026, 10, 22, 3, 31, 18, 182)],
    ["2026-11-22T03:31:18", Date.UTC(2026, 10, 22, 3, 31, 18)],
    ["2024-02-29T00:00:00.Z", Date.UTC(2024, 1, 29)],
    ["0001-01-01T00:00:00Z", -62_135_596_800_000],
  ])("reads %s", (text, unixMs) => {
    expect(parseDateTime(text)).toBe(unixMs);
  });

  it.each([
    "2026-02-29T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:00:00+01:00",
    "2026-01-01",
    "",
  ])("refuses %j", (text) => {
    expect(parseDateTime(text)).toBeUndefined();
  });

  it("writes nothing outside four-digit years", () => {
    expect(formatDateTime(Date.UTC(2026, 0, 1))).toBe("2026-01-01T00:00:00.000Z");
    expect(formatDateTime(Date.UTC(10_000, 0, 1))).toBeUndefined();
    expect(formatDateTime(Number.NaN)).toBeUndefined();
  });
});

describe("durations", () => {
  it.each([
    ["PT15M", 900_000],
    ["P1DT2H3M4S", 93_784_000],
    ["-PT1H", -3_600_000],
    ["+P1D", 86_400_000],
    ["PT0S", 0],
  ])("measures %s", (text, milliseconds) => {
    expect(isDuration(text)).toBe(true);
    expect(durationMs(text)).toBe(milliseconds);
  });

  it.each(["P", "PT", "P1W", "PT1.5S", "15M", "P1H", "PT1H ", "P99999999D", ""])("refuses %j", (text) => {
    expect(isDuration(text)).toBe(false);
  });

  it("clamps a month to its last day", () => {
    expect(addDuration(Date.UTC(2026, 0, 31), "P1M")).toBe(Date.UTC(2026, 1, 28));
    expect(addDuration(Date.UTC(2024, 1, 29), "P1Y")).toBe(Date.UTC(2025, 1, 28));
  });
});

describe("message bodies", () => {
  const query = formatPayload({ type: "oadrQueryRegistration", requestID: "R" });

  it.each([
    ["an unknown message", "oadrQueryRegistration", "oadrTake"],
    ["a wrong namespace", "payloads", "payload"],
    ["an unexpected child", "</oadr:oadrQueryRegistration>", "<ei:venID>V</ei:venID></oadr:oadrQueryRegistration>"],
    ["text between elements", "<pyld:requestID>", "x<pyld:requestID>"],
    ["an unknown attribute", 'ei:schemaVersion="2.0b"', 'ei:schemaVersion="2.0b" x="1"'],
    ["profile 2.0a", '"2.0b"', '"2.0a"'],
    ["a child in a text", ">R<", "><ei:venID/><"],
  ])("refuses %s", (_, from, to) => {
    expect(parsePayload(encode(query))).toMatchObject({ ok: true });
    expect(parsePayload(encode(query.replaceAll(from, to)))).toMatchObject({ ok: false, code: "invalid-message" });
  });

  it("refuses to write what it would not read", () => {
    expect(() => formatPayload({ type: "oadrPoll", venID: "a\u0000b" })).toThrow("oadrPoll/venID");
    expect(() => formatPayload({ type: "oadrPoll", venID: "x".repeat(4_097) })).toThrow("not text");
    expect(() => formatPayload({ type: "oadrPoll" } as never)).toThrow("missing");
  });

  it("keeps characters that need escaping", () => {
    const message = { type: "oadrPoll", venID: "<&>\"'é 漢 😀" } as const;
    expect(parsePayload(encode(formatPayload(message)))).toEqual({ ok: true, message });
  });
});
