import { describe, expect, it } from "vitest";
import { type Receipt, receiptSelection } from "./receipt.ts";
import { packReceipt, unpackReceipt } from "./receipt-file.ts";

const HOUR_MS = 3_600_000;

/** One interval that starts at ten o'clock on the date. */
function intervalsOn(date: string) {
  const startUnixMs = Date.parse(`${date}T10:00:00Z`);
  return [{ startUnixMs, endUnixMs: startUnixMs + HOUR_MS }];
}

describe("the selection of a receipt", () => {
  it("leaves out no day when the days follow each other over the weekend", () => {
    const { eventDate, eventDates } = receiptSelection(intervalsOn("2016-01-26"), ["2016-01-25", "2016-01-22"]);
    expect(eventDate).toBe("2016-01-26");
    expect(eventDates).toEqual([]);
  });

  it("names every day of the event's type that is missing between the days", () => {
    const { eventDates } = receiptSelection(intervalsOn("2016-01-28"), ["2016-01-26", "2016-01-20"]);
    expect(eventDates).toEqual(["2016-01-27", "2016-01-25", "2016-01-22", "2016-01-21"]);
    const weekend = receiptSelection(intervalsOn("2016-01-30"), ["2016-01-16"]);
    expect(weekend.eventDates).toEqual(["2016-01-24", "2016-01-23", "2016-01-17"]);
  });

  it("names none for methods without days, and looks back no further than the history", () => {
    expect(receiptSelection(intervalsOn("2016-01-28"), []).eventDates).toEqual([]);
    expect(receiptSelection(intervalsOn("2016-01-28"), ["1016-01-28"]).eventDates).toHaveLength(20);
    expect(receiptSelection(intervalsOn("2016-01-28"), ["no date"]).eventDates).toEqual([]);
  });
});

describe("the file of a receipt", () => {
  const blocks = [{ number: 1, blockHex: "00".repeat(5_000) }];
  const receipt = { kind: "gridpact-receipt", blocks } as unknown as Receipt;
  const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

  it("is its text, smaller, and the same bytes each time", () => {
    const file = packReceipt(receipt);
    expect(file.length).toBeLessThan(500);
    expect(packReceipt(receipt)).toEqual(file);
    const text = textOf(unpackReceipt(file, 20_000));
    expect(JSON.parse(text)).toEqual(receipt);
    expect(textOf(unpackReceipt(Buffer.from(text), 20_000))).toBe(text);
  });

  it("is not unpacked beyond the bound, nor when it is damaged", () => {
    const file = packReceipt(receipt);
    const { length } = unpackReceipt(file, 20_000);
    expect(unpackReceipt(file, length)).toHaveLength(length);
    expect(() => unpackReceipt(file, length - 1)).toThrow(expect.objectContaining({ code: "ERR_BUFFER_TOO_LARGE" }));
    expect(() => unpackReceipt(file.subarray(0, -9), length)).toThrow(/unexpected end of file/);
    const changed = Uint8Array.from(file, (byte, index) => (index === file.length - 8 ? byte ^ 1 : byte));
    expect(() => unpackReceipt(changed, length)).toThrow(/incorrect data check/);
  });
});
