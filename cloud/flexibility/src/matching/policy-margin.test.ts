import { describe, expect, it } from "vitest";
import { policyMargin } from "./policy-margin.ts";
import { TRAINED_POLICY } from "./trained-policy.ts";

describe("the policy's margin", () => {
  it("grows with the spread, from nothing to half the request", () => {
    const policy = { ...TRAINED_POLICY, marginShare: 0.1, marginPerSpread: 0.5 };
    expect(policyMargin(policy, 0)).toBe(0.1);
    expect(policyMargin(policy, 0.2)).toBeCloseTo(0.2, 12);
    expect(policyMargin(policy, 9)).toBe(0.5);
    expect(policyMargin({ ...policy, marginShare: -1 }, 0)).toBe(0);
  });

  it("is nothing where the policy's numbers cannot be used", () => {
    expect(policyMargin({ ...TRAINED_POLICY, marginShare: Number.NaN }, 0)).toBe(0);
  });
});
