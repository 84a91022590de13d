import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventIntervals } from "../interval.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import { settle } from "./device-settlement.ts";
import { earnedMicro, type Incentive, TIERS_MAX } from "./incentive.ts";
import { fundsFor } from "./terms.ts";

const TIERED: Incentive = {
  kind: "tiered",
  tiers: [
    { uptoPerMille: 500n, priceMicroPerWh: 2n },
    { uptoPerMille: 800n, priceMicroPerWh: 5n },
    { uptoPerMille: 1_000n, priceMicroPerWh: 9n },
  ],
};

const interval = (deliveredWh: bigint, penalisedWh = 0n) => ({ orderedWh: 100n, deliveredWh, penalisedWh });

describe("earnedMicro", () => {
  it.each<[string, Incentive | undefined, bigint, bigint, bigint]>([
    ["energy alone, when nothing else is said", undefined, 60n, 0n, 420n],
    ["energy alone", { kind: "energy" }, 60n, 0n, 420n],
    ["capacity too, without a penalty", { kind: "capacity", capacityMicroPerWh: 3n }, 60n, 0n, 720n],
    ["no capacity in an interval with a penalty", { kind: "capacity", capacityMicroPerWh: 3n }, 60n, 1n, 420n],
    ["the first band", TIERED, 50n, 0n, 100n],
    ["one Wh of the second band", TIERED, 51n, 0n, 105n],
    ["all bands", TIERED, 100n, 0n, 100n + 150n + 180n],
    ["nothing for nothing", TIERED, 0n, 0n, 0n],
  ])("pays %s", (_, incentive, deliveredWh, penalisedWh, earned) => {
    const prices = { priceMicroPerWh: 7n, ...(incentive === undefined ? {} : { incentive }) };
    expect(earnedMicro(prices, [interval(deliveredWh, penalisedWh)])).toBe(earned);
  });

  it("never exceeds the escrow, whatever is delivered, and never falls with more delivery", () => {
    const incentive = fc.constantFrom<Incentive>(
      { kind: "energy" },
      { kind: "capacity", capacityMicroPerWh: 4n },
      TIERED,
    );
    const energyWh = fc.bigInt({ min: 0n, max: 10_000n });
    fc.assert(
      fc.property(incentive, energyWh, energyWh, (each, orderedWh, usedWh) => {
        const terms = { direction: "reduce", priceMicroPerWh: 7n, penaltyMicroPerWh: 0n, penaltyCapMicro: 0n } as const;
        const settled = (actualWh: bigint) =>
          settle({
            terms: { ...terms, incentive: each },
            intervals: eventIntervals({ startUnixMs: 0, endUnixMs: 900_000 }),
            baselineWh: [10_000n],
            orderedWh: [orderedWh],
            actualWh: [actualWh],
          }).paidMicro;
        expect(settled(usedWh) <= fundsFor({ ...terms, incentive: each }, [orderedWh]).escrowMicro).toBe(true);
        expect(settled(usedWh) >= settled(usedWh + 1n)).toBe(true);
      }),
    );
  });
});

describe("terms", () => {
  const tiers = (...shares: bigint[]) =>
    ({ kind: "tiered", tiers: shares.map((uptoPerMille) => ({ uptoPerMille, priceMicroPerWh: 1n })) }) as const;

  it.each<[string, Incentive]>([
    ["tiers that end early", tiers(500n, 900n)],
    ["tiers that fall", tiers(500n, 400n, 1_000n)],
    ["no tiers", tiers()],
    ["too many tiers", tiers(...Array.from({ length: TIERS_MAX + 1 }, (_, index) => BigInt(992 + index)))],
    ["a negative capacity price", { kind: "capacity", capacityMicroPerWh: -1n }],
  ])("refuse %s", (_, incentive) => {
    const terms = { direction: "reduce", priceMicroPerWh: 7n, penaltyMicroPerWh: 0n, penaltyCapMicro: 0n } as const;
    expect(() => fundsFor({ ...terms, incentive }, [1n])).toThrow(InvalidTermsError);
  });
});
