import { describe, expect, it } from "vitest";
import { parseReceipt, receiptSelection } from "./receipt.ts";
import { drRequest } from "./test/agent-bench.ts";

describe("a receipt's text", () => {
  it("is read with its integers, and refused when one of them is none", () => {
    const text = '{"kind":"gridpact-receipt","settlement":{"deliveredWh":"480","paidMicro":"23040"},"version":1}';
    expect(parseReceipt(text)).toMatchObject({ settlement: { deliveredWh: 480n, paidMicro: 23_040n } });
    expect(() => parseReceipt(text.replace('"480"', '"4.8"'))).toThrow("$.settlement.deliveredWh");
    expect(() => parseReceipt(text.slice(1))).toThrow(SyntaxError);
  });
});

describe("the selection of a receipt's days", () => {
  it("leaves out exactly the days of the event's type that are not among them", () => {
    const { intervals } = drRequest(1n);
    const selection = receiptSelection(intervals, ["2016-01-27", "2016-01-25", "2016-01-22"]);
    expect(selection).toMatchObject({ eventDate: "2016-01-28", eventDates: ["2016-01-26"] });
    expect(receiptSelection(intervals, []).eventDates).toEqual([]);
  });
});
