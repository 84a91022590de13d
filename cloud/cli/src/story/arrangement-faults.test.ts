import type { Sc1, Sc2 } from "@gridpact/contracts";
import { describe, expect, it } from "vitest";
import { arrangementFaults } from "./arrangement-faults.ts";

/** Two intervals of 1,000 Wh; `feid-1` was let off the second one, `feid-2` took it over and delivered 900 of it. */
function settled(): { sc1: Sc1; members: Sc2[] } {
  const intervals = [
    { startUnixMs: 0, orderedWh: 1_000n, originalWh: 1_000n, rearrangedWh: 0n, deficientWh: 0n },
    { startUnixMs: 1, orderedWh: 1_000n, originalWh: 0n, rearrangedWh: 900n, deficientWh: 100n },
  ];
  const member = (kind: string, plannedWh: bigint[], inForceWh: bigint[] | null, deliveredWh: bigint[]) => {
    const orderedWh = inForceWh ?? plannedWh;
    return {
      terms: { contractId: kind, kind, orderedWh: plannedWh },
      amendment: inForceWh && { amendmentNo: 1, orderedWh, penaltyCapMicro: 0n },
      settlement: {
        intervals: orderedWh.map((each, index) => {
          return { startUnixMs: index, orderedWh: each, deliveredWh: deliveredWh[index] ?? 0n };
        }),
      },
    } as unknown as Sc2;
  };
  const members = [
    member("original", [1_000n, 1_000n], [1_000n, 0n], [1_000n, 0n]),
    member("original", [0n, 0n], [0n, 600n], [0n, 600n]),
    member("replacement", [0n, 300n], null, [0n, 300n]),
  ];
  return { sc1: { settlement: { intervals } } as unknown as Sc1, members };
}

describe("arrangementFaults", () => {
  it("finds none where original + re-arranged + deficient is what was requested", () => {
    const { sc1, members } = settled();
    expect(arrangementFaults(sc1, members)).toEqual([]);
    expect(arrangementFaults({ settlement: null }, [])).toEqual([]);
  });

  it("finds an interval that counts moved energy as original, or does not add up", () => {
    const { sc1, members } = settled();
    const [first, second] = sc1.settlement?.intervals ?? [];
    const wrong = (changes: object) =>
      ({ settlement: { intervals: [first, { ...second, ...changes }] } }) as unknown as Sc1;
    expect(arrangementFaults(wrong({ originalWh: 600n, rearrangedWh: 300n }), members)).toHaveLength(1);
    expect(arrangementFaults(wrong({ deficientWh: 99n }), members)).toEqual([
      "at 1: 0 original + 900 re-arranged + 99 deficient of 1000 Wh",
    ]);
  });

  it("finds a contract that was settled by the order before its amendment", () => {
    const { sc1, members } = settled();
    const [first, ...others] = members as [Sc2, ...Sc2[]];
    expect(arrangementFaults(sc1, [{ ...first, amendment: null }, ...others])).toEqual([
      "original was settled by another order than the one in force",
    ]);
  });
});
