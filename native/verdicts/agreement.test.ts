import { describe, expect, it } from "vitest";
import { compareOnTorsion } from "./agreement.ts";
import { type NamedVerifier, nativeVerifiers, TWIN } from "./verifiers.ts";

const TINY = { count: 300, seed: "tiny" };

const natives = nativeVerifiers((line) => process.stdout.write(`native: ${line}\n`));

describe("verdicts on signatures at the edges of ZIP-215", () => {
  it("are the twin's in every library that this machine runs", () => {
    const agreement = compareOnTorsion([TWIN, ...natives], TINY);
    expect(agreement.disagreements).toEqual([]);
    // Both verdicts come up often, or the comparison would say little.
    expect(agreement.accepted / TINY.count).toBeGreaterThan(0.4);
    expect(agreement.accepted / TINY.count).toBeLessThan(0.8);
  });

  it.each([
    ["takes s beyond the group order", (verdicts: Uint8Array) => verdicts.map(() => 1)],
    ["accepts nothing", (verdicts: Uint8Array) => verdicts.map(() => 0)],
  ])("show a verifier that %s", (_, distort) => {
    const wrong: NamedVerifier = { name: "wrong", verify: (cases) => distort(TWIN.verify(cases)) };
    const { disagreements } = compareOnTorsion([TWIN, wrong], { ...TINY, count: 100 });
    expect(disagreements.length).toBeGreaterThan(0);
    expect(disagreements[0]).toMatchObject({ verifier: "wrong" });
  });

  it("are the same for the same seed", () => {
    const once = compareOnTorsion([TWIN], { ...TINY, count: 50 });
    expect(compareOnTorsion([TWIN], { ...TINY, count: 50 })).toEqual(once);
  });
});
