import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { localClockOf } from "./local-clock.ts";

const HOUR_MS = 3_600_000;

describe("localClockOf", () => {
  it("changes the clock when the zone does", () => {
    const { utcOffsetMsAt } = localClockOf("Europe/Berlin");
    expect(utcOffsetMsAt(Date.UTC(2024, 2, 31, 0, 59))).toBe(HOUR_MS);
    expect(utcOffsetMsAt(Date.UTC(2024, 2, 31, 1, 0))).toBe(2 * HOUR_MS);
    expect(utcOffsetMsAt(Date.UTC(2024, 9, 27, 0, 59))).toBe(2 * HOUR_MS);
    expect(utcOffsetMsAt(Date.UTC(2024, 9, 27, 1, 0))).toBe(HOUR_MS);
  });

  it("knows offsets of less than an hour, and half-hour steps", () => {
    expect(localClockOf("Asia/Kathmandu").utcOffsetMsAt(0)).toBe(5.5 * HOUR_MS);
    expect(localClockOf("Asia/Kathmandu").utcOffsetMsAt(Date.UTC(2024, 0, 1))).toBe(5.75 * HOUR_MS);
  });

  it("keeps answering beyond the offsets that it remembers", () => {
    const { utcOffsetMsAt } = localClockOf("Europe/Paris");
    const hours = 3 * 366 * 24;
    const offsets = Array.from({ length: hours }, (_, hour) => utcOffsetMsAt(Date.UTC(2021, 0, 1) + hour * HOUR_MS));
    expect(new Set(offsets)).toEqual(new Set([HOUR_MS, 2 * HOUR_MS]));
  });

  it("is always zero for UTC, and refuses what is no zone", () => {
    expect(localClockOf("UTC").utcOffsetMsAt(Date.UTC(2024, 6, 1))).toBe(0);
    expect(() => localClockOf("Europe/Atlantis")).toThrow(InvalidInputError);
  });
});
