import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumOf } from "../integer.ts";
import { eventIntervals } from "../interval.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import { sumOrderChanges } from "./amendment.ts";
import { settle } from "./device-settlement.ts";
import { fundsFor, type SettlementTerms } from "./terms.ts";
import { type DeviceContribution, settleVirtualNode } from "./virtual-node-settlement.ts";

const MTU_MS = 900_000;
const UNITS = 4;
const intervals = eventIntervals({ startUnixMs: 0, endUnixMs: UNITS * MTU_MS });
const terms: SettlementTerms = {
  direction: "reduce",
  priceMicroPerWh: 7n,
  penaltyMicroPerWh: 11n,
  penaltyCapMicro: 10_000n,
};

/** One amendment: some energy of one device, from some interval on, to another; part of it is given up. */
type Move = { from: number; to: number; firstInterval: number; movedWh: bigint; givenUpWh: bigint };

/** Orders after moves, as the ledger would keep them, and how much of the request was given up in each interval. */
function amended(plannedWh: readonly (readonly bigint[])[], moves: readonly Move[]) {
  let orders = plannedWh.map((row) => [...row]);
  let sumChangeWh = intervals.map(() => 0n);
  for (const { from, to, firstInterval, movedWh, givenUpWh } of moves) {
    const after = orders.map((row) => [...row]);
    for (let index = firstInterval; index < UNITS; index += 1) {
      const takenWh = min(movedWh, after[from]?.[index] ?? 0n);
      set(after, [from, index], (wh) => wh - takenWh);
      set(after, [to, index], (wh) => wh + takenWh - min(givenUpWh, takenWh));
    }
    const changes = orders.map((beforeWh, device) => ({ intervals, beforeWh, afterWh: after[device] ?? [] }));
    sumChangeWh = sumOrderChanges(intervals, changes).map((each, index) => each + (sumChangeWh[index] ?? 0n));
    orders = after;
  }
  return { orders, sumChangeWh };
}

function min(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

function set(rows: bigint[][], [device, index]: [number, number], change: (wh: bigint) => bigint): void {
  const row = rows[device];
  if (row !== undefined) row[index] = change(row[index] ?? 0n);
}

type Delivery = { plannedWh: readonly bigint[]; orderedWh: readonly bigint[]; netWh: readonly bigint[] };

function contribution(device: number, { plannedWh, orderedWh, netWh }: Delivery) {
  const contract = {
    terms,
    intervals,
    baselineWh: intervals.map(() => 0n),
    orderedWh,
    actualWh: netWh.map((each) => -each),
  };
  const settlement = settle(contract);
  const kind = device % 3 === 2 ? "replacement" : "original";
  const part: DeviceContribution = {
    contractId: `contract ${device}`,
    deviceId: `device ${device}`,
    kind,
    intervals: settlement.intervals,
    plannedWh,
  };
  return { part, settlement, kind };
}

const DEVICES = 5;
const energy = fc.bigInt({ min: 0n, max: 100n });
const perUnit = fc.array(energy, { minLength: UNITS, maxLength: UNITS });
const anyMove = fc.record({
  from: fc.nat(DEVICES - 1),
  to: fc.nat(DEVICES - 1),
  firstInterval: fc.nat(UNITS - 1),
  movedWh: energy,
  givenUpWh: energy,
});

describe("amendments", () => {
  it("leave delivered + re-arranged + deficient = requested in every interval and in sum, whoever delivers", () => {
    const anyNet = fc.array(fc.bigInt({ min: -50n, max: 250n }), { minLength: UNITS, maxLength: UNITS });
    const rows = { minLength: DEVICES, maxLength: DEVICES };
    fc.assert(
      fc.property(
        fc.array(perUnit, rows),
        fc.array(anyMove, { maxLength: 6 }),
        fc.array(anyNet, rows),
        perUnit,
        (planned, moves, nets, requestedWh) => {
          const { orders } = amended(planned, moves);
          const settled = orders.map((orderedWh, device) =>
            contribution(device, { plannedWh: planned[device] ?? [], orderedWh, netWh: nets[device] ?? [] }),
          );
          const contributions = settled.map(({ part }) => part);
          const statement = settleVirtualNode({ terms, intervals, orderedWh: requestedWh, contributions });
          for (const [index, { originalWh, rearrangedWh, deficientWh, orderedWh }] of statement.intervals.entries()) {
            expect(originalWh + rearrangedWh + deficientWh).toBe(orderedWh);
            expect(orderedWh).toBe(requestedWh[index]);
          }
          expect(statement.originalWh + statement.rearrangedWh + statement.deficientWh).toBe(sumOf(requestedWh));
          for (const { settlement } of settled) {
            const { escrowMicro, depositMicro } = fundsFor(
              terms,
              settlement.intervals.map((each) => each.orderedWh),
            );
            const { paidMicro, penaltyMicro, returnedToPayerMicro, returnedToProviderMicro } = settlement;
            const leftMicro = paidMicro + penaltyMicro + returnedToPayerMicro + returnedToProviderMicro;
            expect(leftMicro).toBe(escrowMicro + depositMicro);
          }
        },
      ),
    );
  });

  it("make good a device that fails by exactly what they moved, and count that as re-arranged", () => {
    fc.assert(
      fc.property(perUnit, fc.nat(UNITS - 1), energy, (plannedWh, firstInterval, movedWh) => {
        const planned = [plannedWh, intervals.map(() => 0n)];
        const move = { from: 0, to: 1, firstInterval, movedWh, givenUpWh: 0n };
        const { orders, sumChangeWh } = amended(planned, [move]);
        expect(sumChangeWh).toEqual(intervals.map(() => 0n));
        const contributions = orders.map((orderedWh, device) => {
          return contribution(device, { plannedWh: planned[device] ?? [], orderedWh, netWh: orderedWh }).part;
        });
        const statement = settleVirtualNode({ terms, intervals, orderedWh: plannedWh, contributions });
        const rearrangedWh = sumOf(plannedWh.slice(firstInterval).map((each) => min(each, movedWh)));
        expect(statement).toMatchObject({ deficientWh: 0n, rearrangedWh });
      }),
    );
  });

  it("are told from a sum of zero when they give something up", () => {
    const move = { from: 0, to: 1, firstInterval: 2, movedWh: 60n, givenUpWh: 25n };
    const { sumChangeWh } = amended(
      [
        [100n, 100n, 100n, 10n],
        [5n, 5n, 5n, 5n],
      ],
      [move],
    );
    expect(sumChangeWh).toEqual([0n, 0n, -25n, -10n]);
  });
});

describe("sumOrderChanges", () => {
  const part = intervals.slice(2);

  it("adds up contracts that cover some of the intervals", () => {
    const joined = { intervals: part, beforeWh: [0n, 0n], afterWh: [3n, 4n] };
    const cut = { intervals, beforeWh: [9n, 9n, 9n, 9n], afterWh: [9n, 9n, 6n, 0n] };
    expect(sumOrderChanges(intervals, [joined, cut])).toEqual([0n, 0n, 0n, -5n]);
    expect(sumOrderChanges(intervals, [])).toEqual([0n, 0n, 0n, 0n]);
  });

  it.each([
    [
      "an interval that was not ordered",
      { intervals: [{ startUnixMs: -1, endUnixMs: 0 }], beforeWh: [0n], afterWh: [0n] },
    ],
    ["arrays of another length", { intervals: part, beforeWh: [0n], afterWh: [0n, 0n] }],
    ["an order below zero", { intervals: part, beforeWh: [0n, 0n], afterWh: [0n, -1n] }],
  ])("refuses %s", (_, change) => {
    expect(() => sumOrderChanges(intervals, [change])).toThrow(InvalidTermsError);
  });
});
