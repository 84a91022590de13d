import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { larger, smaller, sumOf } from "./integer.ts";
import { type MemberEnergy, shareInside } from "./share-inside.ts";

function member(memberId: string, importWh: bigint, exportWh: bigint): MemberEnergy {
  return { memberId, importWh, exportWh };
}

const members = fc.uniqueArray(
  fc.record({
    memberId: fc.string({ minLength: 1, maxLength: 4 }),
    importWh: fc.bigInt({ min: 0n, max: 10_000n }),
    exportWh: fc.bigInt({ min: 0n, max: 10_000n }),
  }),
  { selector: ({ memberId }) => memberId, maxLength: 12 },
);

describe("energy that is shared inside", () => {
  it("goes from who has too much to who needs it, in proportion", () => {
    const shared = shareInside([member("a", 0n, 900n), member("b", 0n, 300n), member("c", 600n, 0n)]);
    expect(shared).toEqual([
      { memberId: "a", givenWh: 450n, takenWh: 0n },
      { memberId: "b", givenWh: 150n, takenWh: 0n },
      { memberId: "c", givenWh: 0n, takenWh: 600n },
    ]);
  });

  it("is nothing where all draw, where all feed, and where a member feeds itself", () => {
    const nothing = (each: MemberEnergy[]) => shareInside(each).every((s) => s.givenWh === 0n && s.takenWh === 0n);
    expect(nothing([member("a", 5n, 0n), member("b", 6n, 0n)])).toBe(true);
    expect(nothing([member("a", 0n, 5n), member("b", 0n, 6n)])).toBe(true);
    expect(nothing([member("a", 7n, 7n), member("b", 6n, 0n)])).toBe(true);
    expect(shareInside([])).toEqual([]);
  });

  it("gives odd Wh to the largest remainders, then by member id", () => {
    const shared = shareInside([member("c", 0n, 1n), member("b", 0n, 1n), member("a", 0n, 1n), member("d", 2n, 0n)]);
    expect(shared.map(({ givenWh }) => givenWh)).toEqual([0n, 1n, 1n, 0n]);
  });

  it("adds up for whoever there is: given = taken = the smaller side, never more than each has or needs", () => {
    fc.assert(
      fc.property(members, (all) => {
        const shared = shareInside(all);
        const surplusWh = all.map(({ importWh, exportWh }) => larger(0n, exportWh - importWh));
        const needWh = all.map(({ importWh, exportWh }) => larger(0n, importWh - exportWh));
        const given = sumOf(shared.map(({ givenWh }) => givenWh));
        expect(given).toBe(sumOf(shared.map(({ takenWh }) => takenWh)));
        expect(given).toBe(smaller(sumOf(surplusWh), sumOf(needWh)));
        shared.forEach(({ givenWh, takenWh }, index) => {
          expect(givenWh >= 0n && givenWh <= (surplusWh[index] ?? 0n)).toBe(true);
          expect(takenWh >= 0n && takenWh <= (needWh[index] ?? 0n)).toBe(true);
        });
      }),
    );
  });

  it("does not depend on the order of the members", () => {
    fc.assert(
      fc.property(members, (all) => {
        const byId = (each: MemberEnergy[]) => new Map(shareInside(each).map((s) => [s.memberId, s]));
        expect(byId([...all].reverse())).toEqual(byId(all));
      }),
    );
  });
});
