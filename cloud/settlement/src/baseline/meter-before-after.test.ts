import { describe, expect, it } from "vitest";
import { InsufficientHistoryError, InvalidTermsError } from "../settlement-error.ts";
import { meterBeforeAfter } from "./meter-before-after.ts";

describe("meterBeforeAfter", () => {
  it("gives every unit the mean of the units before the event", () => {
    expect(meterBeforeAfter({ beforeWh: [10n, 15n] }, 3)).toEqual([13n, 13n, 13n]);
  });

  it("takes the units after the event in when given", () => {
    expect(meterBeforeAfter({ beforeWh: [10n], afterWh: [-4n, 0n] }, 1)).toEqual([2n]);
  });

  it("leaves units without readings out of the mean", () => {
    expect(meterBeforeAfter({ beforeWh: [null, 8n], afterWh: [4n, null] }, 1)).toEqual([6n]);
  });

  it.each([
    ["before", { beforeWh: [null] }],
    ["before", { beforeWh: [], afterWh: [1n] }],
    ["after", { beforeWh: [1n], afterWh: [null] }],
  ])("refuses when the side %s the event has no value", (_, surrounding) => {
    expect(() => meterBeforeAfter(surrounding, 1)).toThrow(InsufficientHistoryError);
  });

  it("rejects an event without units", () => {
    expect(() => meterBeforeAfter({ beforeWh: [1n] }, 0)).toThrow(InvalidTermsError);
  });
});
