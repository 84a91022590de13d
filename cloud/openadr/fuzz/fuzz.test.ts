import { describe, expect, it } from "vitest";
import { fuzzJson, fuzzXml } from "./fuzz.ts";

/** A taste of the long run, so that it does not rot; the seed is fixed, so a failure repeats. */
describe("mutated requests", () => {
  it.each([
    ["of 2.0b", fuzzXml],
    ["of 3.1", fuzzJson],
  ])("%s never make the VTN fail", async (_, fuzz) => {
    const { statuses, faults } = await fuzz({ count: 1_500, seed: "taste" });
    expect(faults).toBe(0);
    expect(Object.keys(statuses)).toEqual(expect.arrayContaining(["200", "400"]));
  });
});
