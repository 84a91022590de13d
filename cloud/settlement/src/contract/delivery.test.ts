import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { absolute } from "../integer.ts";
import { type Direction, settleInterval } from "./delivery.ts";

const interval = { startUnixMs: 0, endUnixMs: 900_000 };

function settled(
  [baselineWh, orderedWh, actualWh]: [bigint, bigint, bigint | null],
  direction: Direction = "reduce",
  deadBandPerMille = 0n,
) {
  const { deliveredWh, deficiencyWh, penalisedWh } = settleInterval(
    { ...interval, baselineWh, orderedWh, actualWh },
    { direction, deadBandPerMille },
  );
  return [deliveredWh, deficiencyWh, penalisedWh];
}

describe("settleInterval", () => {
  it.each([
    ["all that was ordered", [1000n, 200n, 800n], [200n, 0n, 0n]],
    ["more than ordered", [1000n, 200n, 0n], [200n, 0n, 0n]],
    ["a part of it", [1000n, 200n, 850n], [150n, 50n, 50n]],
    ["nothing", [1000n, 200n, 1000n], [0n, 200n, 200n]],
    ["the wrong way", [1000n, 200n, 1300n], [0n, 500n, 500n]],
    ["export beyond an exporting baseline", [-100n, 200n, -300n], [200n, 0n, 0n]],
  ] satisfies [string, [bigint, bigint, bigint], bigint[]][])(
    "settles a device that reduced %s",
    (_, energy, result) => {
      expect(settled(energy)).toEqual(result);
    },
  );

  it("mirrors the rule for an increase", () => {
    expect(settled([1000n, 200n, 1150n], "increase")).toEqual([150n, 50n, 50n]);
    expect(settled([1000n, 200n, 850n], "increase")).toEqual([0n, 350n, 350n]);
  });

  it("finds nothing delivered and all deficient without evidence, dead band or not", () => {
    expect(settled([1000n, 200n, null])).toEqual([0n, 200n, 200n]);
    expect(settled([1000n, 200n, null], "reduce", 500n)).toEqual([0n, 200n, 200n]);
  });

  it("finds nothing delivered and nothing deficient where nothing was ordered", () => {
    expect(settled([1000n, 0n, 5000n])).toEqual([0n, 0n, 0n]);
    expect(settled([1000n, 0n, null])).toEqual([0n, 0n, 0n]);
  });

  it.each([
    [890n, 0n],
    [901n, 0n],
    [902n, 1n],
  ])("deducts a dead band of a tenth of the order: with %s metered, %s is charged", (actualWh, penalisedWh) => {
    const [, , charged] = settled([1000n, 110n, actualWh], "reduce", 100n);
    expect(charged).toBe(penalisedWh);
  });

  it("rounds the dead band down", () => {
    expect(settled([1000n, 19n, 1000n], "reduce", 100n)).toEqual([0n, 19n, 18n]);
  });

  it("keeps every quantity in its bounds for any input", () => {
    const energyWh = fc.bigInt({ min: -1_000_000n, max: 1_000_000n });
    const orderWh = fc.bigInt({ min: 0n, max: 1_000_000n });
    const band = fc.bigInt({ min: 0n, max: 1000n });
    fc.assert(
      fc.property(energyWh, orderWh, fc.option(energyWh), band, (baselineWh, orderedWh, actualWh, deadBand) => {
        const [deliveredWh = -1n, deficiencyWh = -1n, penalisedWh = -1n] = settled(
          [baselineWh, orderedWh, actualWh],
          "reduce",
          deadBand,
        );
        expect(deliveredWh >= 0n && deliveredWh <= orderedWh).toBe(true);
        expect(deliveredWh + deficiencyWh >= orderedWh).toBe(true);
        expect(penalisedWh >= 0n && penalisedWh <= deficiencyWh).toBe(true);
      }),
    );
  });

  it("changes delivered and deficient by at most the change of the meter", () => {
    const energyWh = fc.bigInt({ min: -2_000n, max: 2_000n });
    fc.assert(
      fc.property(energyWh, fc.bigInt({ min: 1n, max: 2_000n }), energyWh, energyWh, (baselineWh, orderedWh, a, b) => {
        const [deliveredA = 0n, deficiencyA = 0n] = settled([baselineWh, orderedWh, a]);
        const [deliveredB = 0n, deficiencyB = 0n] = settled([baselineWh, orderedWh, b]);
        expect(absolute(deliveredA - deliveredB) <= absolute(a - b)).toBe(true);
        expect(absolute(deficiencyA - deficiencyB) <= absolute(a - b)).toBe(true);
      }),
    );
  });
});
