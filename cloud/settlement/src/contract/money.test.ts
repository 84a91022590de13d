import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidTermsError } from "../settlement-error.ts";
import { splitFunds, totalMoney } from "./money.ts";

const micro = fc.bigInt({ min: 0n, max: 10n ** 15n });
const funds = { escrowMicro: 1000n, depositMicro: 300n };

describe("splitFunds", () => {
  it("pays what was earned, takes what is charged, returns the rest", () => {
    expect(splitFunds(funds, { earnedMicro: 700n, chargedMicro: 100n, penaltyCapMicro: 300n })).toEqual({
      ...funds,
      paidMicro: 700n,
      penaltyMicro: 100n,
      returnedToPayerMicro: 300n,
      returnedToProviderMicro: 200n,
    });
  });

  it.each([
    ["the cap", 250n, 250n],
    ["the deposit", 900n, 300n],
  ])("cuts the penalty to %s", (_, penaltyCapMicro, penaltyMicro) => {
    const split = splitFunds(funds, { earnedMicro: 0n, chargedMicro: 5000n, penaltyCapMicro });
    expect(split.penaltyMicro).toBe(penaltyMicro);
  });

  it("accepts an escrow that is just enough and refuses one that is not", () => {
    const claims = { chargedMicro: 0n, penaltyCapMicro: 0n };
    expect(splitFunds(funds, { ...claims, earnedMicro: 1000n }).returnedToPayerMicro).toBe(0n);
    expect(() => splitFunds(funds, { ...claims, earnedMicro: 1001n })).toThrow(InvalidTermsError);
  });

  it("refuses negative funds", () => {
    const claims = { earnedMicro: 0n, chargedMicro: 0n, penaltyCapMicro: 0n };
    expect(() => splitFunds({ escrowMicro: -1n, depositMicro: 0n }, claims)).toThrow(InvalidTermsError);
    expect(() => splitFunds({ escrowMicro: 0n, depositMicro: -1n }, claims)).toThrow(InvalidTermsError);
  });
});

describe("totalMoney", () => {
  it("is zero for no contract", () => {
    expect(totalMoney([])).toEqual({ escrowedMicro: 0n, paidMicro: 0n, penaltyMicro: 0n, returnedMicro: 0n });
  });

  it("conserves money over any contracts in any order", () => {
    const split = fc
      .tuple(micro, micro, micro, micro)
      .map(([earnedMicro, restMicro, depositMicro, chargedMicro]) =>
        splitFunds(
          { escrowMicro: earnedMicro + restMicro, depositMicro },
          { earnedMicro, chargedMicro, penaltyCapMicro: depositMicro },
        ),
      );
    fc.assert(
      fc.property(fc.array(split, { maxLength: 20 }), (splits) => {
        const totals = totalMoney(splits);
        expect(totals.escrowedMicro).toBe(totals.paidMicro + totals.penaltyMicro + totals.returnedMicro);
        expect(totalMoney([...splits].reverse())).toEqual(totals);
      }),
    );
  });
});
