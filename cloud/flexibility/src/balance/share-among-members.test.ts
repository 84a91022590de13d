import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareByCapacity, tradeInside } from "./share-among-members.ts";

describe("tradeInside", () => {
  it("serves needs from surplus by shares, and leaves the rest to the boundary", () => {
    const members = [
      { memberId: "a", netKwh: -3 },
      { memberId: "b", netKwh: -1 },
      { memberId: "c", netKwh: 2 },
    ];
    expect(tradeInside(members)).toEqual([
      { sellerId: "a", buyerId: "c", energyKwh: 1.5 },
      { sellerId: "b", buyerId: "c", energyKwh: 0.5 },
    ]);
  });

  it("has nothing to do when all need or all have", () => {
    expect(tradeInside([{ memberId: "a", netKwh: 1 }])).toEqual([]);
    expect(tradeInside([{ memberId: "a", netKwh: -1 }])).toEqual([]);
    expect(tradeInside([])).toEqual([]);
  });

  it("never sells more than a member has, nor more than another needs", () => {
    const nets = fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { maxLength: 8 });
    fc.assert(
      fc.property(nets, (netKwh) => {
        const members = netKwh.map((kwh, index) => ({ memberId: `m${index}`, netKwh: kwh }));
        const trades = tradeInside(members);
        for (const { memberId, netKwh: own } of members) {
          const sold = trades.filter(({ sellerId }) => sellerId === memberId).reduce((sum, t) => sum + t.energyKwh, 0);
          const bought = trades.filter(({ buyerId }) => buyerId === memberId).reduce((sum, t) => sum + t.energyKwh, 0);
          expect(sold).toBeLessThanOrEqual(Math.max(0, -own) + 1e-9);
          expect(bought).toBeLessThanOrEqual(Math.max(0, own) + 1e-9);
        }
      }),
    );
  });
});

describe("shareByCapacity", () => {
  it("fills all by the same share, and no more than they take", () => {
    expect(shareByCapacity(3, [4, 2, 0])).toEqual([2, 1, 0]);
    expect(shareByCapacity(9, [4, 2, -1])).toEqual([4, 2, 0]);
    expect(shareByCapacity(1, [0, 0])).toEqual([0, 0]);
  });
});
