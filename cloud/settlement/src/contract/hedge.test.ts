import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidTermsError } from "../settlement-error.ts";
import { type HedgeTerms, settleHedge } from "./hedge.ts";

const terms = (changes: Partial<HedgeTerms>): HedgeTerms => ({
  kind: "cap",
  capMicroPerWh: 100n,
  floorMicroPerWh: null,
  quantityWh: [10n, 10n],
  writerCollateralMicro: 1_000n,
  holderCollateralMicro: 0n,
  ...changes,
});
const floor = terms({ kind: "floor", capMicroPerWh: null, floorMicroPerWh: 50n });
const collar = terms({ kind: "collar", floorMicroPerWh: 50n, holderCollateralMicro: 300n });

describe("settleHedge", () => {
  it.each<[string, HedgeTerms, bigint[], Partial<ReturnType<typeof settleHedge>>]>([
    ["a cap pays above its strike", terms({}), [130n, 90n], { toHolderMicro: 300n, returnedToWriterMicro: 700n }],
    ["a cap pays nothing at its strike", terms({}), [100n, -20n], { toHolderMicro: 0n, returnedToWriterMicro: 1_000n }],
    ["a cap pays at most its collateral", terms({}), [1_000n, 0n], { netMicro: 9_000n, toHolderMicro: 1_000n }],
    ["a floor pays below its strike, also at negative prices", floor, [40n, -10n], { toHolderMicro: 700n }],
    ["a collar pays the holder above its cap", collar, [110n, 60n], { toHolderMicro: 100n, toWriterMicro: 0n }],
    ["a collar charges the holder below its floor", collar, [40n, 45n], { toWriterMicro: 150n, toHolderMicro: 0n }],
    ["a collar nets its intervals", collar, [110n, 40n], { netMicro: 0n, returnedToHolderMicro: 300n }],
    ["a holder loses at most its collateral", collar, [-500n, 60n], { toWriterMicro: 300n, returnedToHolderMicro: 0n }],
  ])("%s", (_, each, index, expected) => {
    expect(settleHedge(each, index)).toMatchObject(expected);
  });

  it.each<[string, HedgeTerms, bigint[]]>([
    ["a cap with a floor", terms({ floorMicroPerWh: 1n }), [1n, 1n]],
    ["a floor without one", terms({ kind: "floor", capMicroPerWh: null }), [1n, 1n]],
    ["a collar upside down", terms({ kind: "collar", floorMicroPerWh: 101n }), [1n, 1n]],
    ["a negative quantity", terms({ quantityWh: [1n, -1n] }), [1n, 1n]],
    ["negative collateral", terms({ writerCollateralMicro: -1n }), [1n, 1n]],
    ["an index that is too short", terms({}), [1n]],
  ])("refuses %s", (_, each, index) => {
    expect(() => settleHedge(each, index)).toThrow(InvalidTermsError);
  });

  it("gives out exactly what was locked, whatever the index says", () => {
    const price = fc.bigInt({ min: -1_000n, max: 2_000n });
    fc.assert(
      fc.property(fc.constantFrom(terms({}), floor, collar), price, price, (each, first, second) => {
        const settled = settleHedge(each, [first, second]);
        const { toHolderMicro, toWriterMicro, returnedToWriterMicro, returnedToHolderMicro } = settled;
        expect(toHolderMicro + toWriterMicro + returnedToWriterMicro + returnedToHolderMicro).toBe(
          each.writerCollateralMicro + each.holderCollateralMicro,
        );
        expect(toHolderMicro === 0n || toWriterMicro === 0n).toBe(true);
      }),
    );
  });
});
