import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidTermsError } from "../settlement-error.ts";
import { heldBack, type PaidParts, paidAtOnce, resettle, totalOf } from "./resettlement.ts";

const parts = (paidMicro: bigint, penaltyMicro: bigint, escrowMicro = 100n, depositMicro = 50n): PaidParts => ({
  paidMicro,
  penaltyMicro,
  returnedToPayerMicro: escrowMicro - paidMicro,
  returnedToProviderMicro: depositMicro - penaltyMicro,
});

describe("resettle", () => {
  it.each([
    ["gives everyone the rest when nothing changed", parts(80n, 10n), { toProviderMicro: 60n, toPayerMicro: 15n }],
    ["takes from the held money what the provider had too much", parts(60n, 20n), { toProviderMicro: 30n }],
    [
      "lets the provider owe what was paid out already",
      parts(0n, 50n),
      { owedByProviderMicro: 60n, toPayerMicro: 75n },
    ],
    [
      "lets the payer owe what the held money does not cover",
      parts(100n, 0n),
      { toProviderMicro: 75n, owedByPayerMicro: 15n },
    ],
  ])("%s", (_, after, expected) => {
    expect(resettle({ before: parts(80n, 10n), after, holdBackPerMille: 500n })).toMatchObject(expected);
  });

  it("refuses a split of other funds and a share above the whole", () => {
    const before = parts(80n, 10n);
    expect(() => resettle({ before, after: parts(80n, 10n, 101n), holdBackPerMille: 500n })).toThrow(InvalidTermsError);
    expect(() => heldBack(before, 1_001n)).toThrow(InvalidTermsError);
  });

  it("never owes anything when everything was held back, and conserves money whatever was", () => {
    const micro = fc.bigInt({ min: 0n, max: 1_000_000n });
    fc.assert(
      fc.property(
        fc.tuple(micro, micro, micro, micro, micro, micro),
        fc.bigInt({ min: 0n, max: 1_000n }),
        (all, share) => {
          const [escrow, deposit, ...drawn] = all;
          const [paidBefore, paidAfter] = [drawn[0] % (escrow + 1n), drawn[1] % (escrow + 1n)];
          const [chargedBefore, chargedAfter] = [drawn[2] % (deposit + 1n), drawn[3] % (deposit + 1n)];
          const before = parts(paidBefore, chargedBefore, escrow, deposit);
          const after = parts(paidAfter, chargedAfter, escrow, deposit);
          const moved = resettle({ before, after, holdBackPerMille: share });
          const heldMicro = totalOf(heldBack(before, share));
          expect(heldMicro + totalOf(paidAtOnce(before, share))).toBe(escrow + deposit);
          expect(moved.toProviderMicro + moved.toPayerMicro).toBe(heldMicro);
          if (share === 1_000n) expect(moved.owedByPayerMicro + moved.owedByProviderMicro).toBe(0n);
          expect(Object.values(moved).every((each) => each >= 0n)).toBe(true);
        },
      ),
    );
  });
});
