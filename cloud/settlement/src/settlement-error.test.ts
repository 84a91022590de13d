import { describe, expect, it } from "vitest";
import { assertInvariant } from "./invariant.ts";
import {
  InsufficientHistoryError,
  InvalidTermsError,
  InvariantBrokenError,
  SettlementError,
} from "./settlement-error.ts";

describe("errors", () => {
  it("carry a stable code, their class name and the facts as fields", () => {
    const error = new InsufficientHistoryError("eligible days", { required: 10, found: 3 });
    expect(error).toBeInstanceOf(SettlementError);
    expect(error).toMatchObject({
      name: "InsufficientHistoryError",
      code: "SETTLEMENT_INSUFFICIENT_HISTORY",
      message: "eligible days: 10 required, 3 found",
      required: 10,
      found: 3,
    });
    expect(new InvalidTermsError("orderedWh", "bad")).toMatchObject({
      code: "SETTLEMENT_INVALID_TERMS",
      field: "orderedWh",
    });
  });
});

describe("assertInvariant", () => {
  it("lets a law that holds pass and throws for one that is broken", () => {
    expect(() => assertInvariant(true, "one is one")).not.toThrow();
    expect(() => assertInvariant(false, "one is two")).toThrow(InvariantBrokenError);
  });
});
