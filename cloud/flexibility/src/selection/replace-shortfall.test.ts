import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import type { Candidate } from "./candidate.ts";
import { type ReplacementRequest, replaceShortfall } from "./replace-shortfall.ts";
import { selectDevices } from "./select-devices.ts";

function candidate(deviceId: string, costMicroPerWh: bigint): Candidate {
  const flexibilityWhMax = [50n, 50n, 50n];
  return { deviceId, busId: deviceId, feederId: "F1", flexibilityWhMax, costMicroPerWh, reliability: 1 };
}

const candidates = [candidate("a", 1n), candidate("b", 2n), candidate("c", 3n), candidate("d", 4n)];

function replace(overrides: Partial<ReplacementRequest> = {}) {
  return replaceShortfall({
    candidates,
    activeOrders: [{ deviceId: "a", orderedWh: [30n, 30n, 30n] }],
    shortfallWh: [30n, 30n, 60n],
    firstUnit: 1,
    ...overrides,
  });
}

describe("replaceShortfall", () => {
  it("serves the remaining units from the cheapest unused devices", () => {
    expect(replace()).toEqual({
      orders: [
        { deviceId: "b", orderedWh: [0n, 30n, 50n] },
        { deviceId: "c", orderedWh: [0n, 0n, 10n] },
      ],
      marginWh: [0n, 0n, 0n],
      shortfallWh: [0n, 0n, 0n],
      costMicro: 190n,
    });
  });

  it("does not ask a device at work for more, even when it is the cheapest", () => {
    expect(replace({ candidates: candidates.slice(0, 1) })).toMatchObject({ orders: [], shortfallWh: [0n, 30n, 60n] });
  });

  it("leaves the active orders their share of the limits", () => {
    const limits = [{ elementId: "F1", changeWhMax: [100n, 45n, 20n] }];
    const { orders, shortfallWh } = replace({ limits });
    expect(orders).toEqual([{ deviceId: "b", orderedWh: [0n, 15n, 0n] }]);
    expect(shortfallWh).toEqual([0n, 15n, 60n]);
  });

  it("has nothing to do when the event is over", () => {
    expect(replace({ firstUnit: 3 })).toMatchObject({ orders: [], shortfallWh: [0n, 0n, 0n] });
  });

  it.each([
    ["a unit before the event", { firstUnit: -1 }],
    ["a unit after the event", { firstUnit: 4 }],
    ["half a unit", { firstUnit: 0.5 }],
    ["an active device that is no candidate", { activeOrders: [{ deviceId: "x", orderedWh: [0n, 0n, 0n] }] }],
    ["an active order that does not cover the event", { activeOrders: [{ deviceId: "a", orderedWh: [1n] }] }],
    [
      "an active device listed twice",
      {
        activeOrders: [
          { deviceId: "a", orderedWh: [1n, 1n, 1n] },
          { deviceId: "a", orderedWh: [1n, 1n, 1n] },
        ],
      },
    ],
    ["a negative shortfall", { shortfallWh: [0n, -1n, 0n] }],
  ])("rejects %s", (_, overrides) => {
    expect(() => replace(overrides)).toThrow(InvalidInputError);
  });

  it("never picks a device twice nor orders in the past, over any number of rounds", () => {
    const shortfall = fc.bigInt({ min: 0n, max: 80n });
    const rounds = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.tuple(shortfall, shortfall, shortfall)), { maxLength: 5 });
    fc.assert(
      fc.property(rounds, (each) => {
        let activeOrders = selectDevices({ candidates, orderedWh: [40n, 40n, 40n] }).orders;
        for (const [firstUnit, shortfallWh] of each) {
          const { orders } = replace({ activeOrders, firstUnit, shortfallWh });
          expect(orders.every(({ orderedWh }) => orderedWh.slice(0, firstUnit).every((wh) => wh === 0n))).toBe(true);
          activeOrders = [...activeOrders, ...orders];
        }
        const ids = activeOrders.map(({ deviceId }) => deviceId);
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});
