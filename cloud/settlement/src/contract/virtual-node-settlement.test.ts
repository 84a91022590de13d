import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumOf } from "../integer.ts";
import { eventIntervals } from "../interval.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import { settle } from "./device-settlement.ts";
import type { SettlementTerms } from "./terms.ts";
import {
  type DeviceContribution,
  settleFromSums,
  settleVirtualNode,
  sumDeliveries,
} from "./virtual-node-settlement.ts";

const MTU_MS = 900_000;
const intervals = eventIntervals({ startUnixMs: 0, endUnixMs: 3 * MTU_MS });
const terms: SettlementTerms = {
  direction: "reduce",
  priceMicroPerWh: 7n,
  penaltyMicroPerWh: 11n,
  penaltyCapMicro: 1_000_000n,
};

type Order = { orderedWh: bigint; netWh: bigint | null };
type Overrides = { deviceId?: string; kind?: DeviceContribution["kind"]; from?: number };

/** A device contract over the intervals from `from` on, with a baseline of zero, so that actual = -net. */
function device(contractId: string, orders: Order[], { kind = "original", from = 0, ...rest }: Overrides = {}) {
  const covered = intervals.slice(from, from + orders.length);
  const settled = settle({
    terms,
    intervals: covered,
    baselineWh: orders.map(() => 0n),
    orderedWh: orders.map(({ orderedWh }) => orderedWh),
    actualWh: orders.map(({ netWh }) => (netWh === null ? null : -netWh)),
  });
  const contribution: DeviceContribution = {
    contractId,
    deviceId: rest.deviceId ?? `device of ${contractId}`,
    kind,
    intervals: settled.intervals,
  };
  return contribution;
}

const order = (orderedWh: bigint, netWh: bigint | null): Order => ({ orderedWh, netWh });
const steady = (orderedWh: bigint, netWh: bigint | null) => intervals.map(() => order(orderedWh, netWh));

function settleNode(contributions: DeviceContribution[], overrides: Partial<SettlementTerms> = {}) {
  return settleVirtualNode({
    terms: { ...terms, ...overrides },
    intervals,
    orderedWh: [100n, 100n, 100n],
    contributions,
  });
}

describe("settleVirtualNode", () => {
  it("adds up its devices and attributes what replacements delivered", () => {
    const statement = settleNode([
      device("a", steady(60n, 60n)),
      device("b", steady(40n, 10n)),
      device("c", [order(20n, 20n)], { kind: "replacement", from: 2 }),
    ]);
    expect(
      statement.intervals.map(({ originalWh, rearrangedWh, deficientWh }) => [originalWh, rearrangedWh, deficientWh]),
    ).toEqual([
      [70n, 0n, 30n],
      [70n, 0n, 30n],
      [70n, 20n, 10n],
    ]);
    expect(statement).toMatchObject({
      orderedWh: 300n,
      originalWh: 210n,
      rearrangedWh: 20n,
      deficientWh: 70n,
      deliveredWh: 230n,
      deficiencyWh: 70n,
      paidMicro: 230n * 7n,
      penaltyMicro: 70n * 11n,
      outcome: "partial",
    });
  });

  it("counts as re-arranged what a device delivers beyond its plan, and refuses a plan of another length", () => {
    const failing = { ...device("a", [order(60n, 60n), order(10n, 10n), order(0n, 0n)]), plannedWh: [60n, 60n, 60n] };
    const helping = {
      ...device("b", [order(40n, 40n), order(90n, 70n), order(100n, 100n)]),
      plannedWh: [40n, 40n, 40n],
    };
    const statement = settleNode([failing, helping]);
    expect(
      statement.intervals.map(({ originalWh, rearrangedWh, deficientWh }) => [originalWh, rearrangedWh, deficientWh]),
    ).toEqual([
      [100n, 0n, 0n],
      [50n, 30n, 20n],
      [40n, 60n, 0n],
    ]);
    expect(() => settleNode([{ ...failing, plannedWh: [1n] }])).toThrow(InvalidTermsError);
  });

  it("counts delivery beyond the order for nobody, originals first", () => {
    const statement = settleNode([
      device("a", steady(90n, 90n)),
      device("b", steady(30n, 30n), { kind: "replacement" }),
    ]);
    expect(statement).toMatchObject({ originalWh: 270n, rearrangedWh: 30n, deficientWh: 0n, outcome: "success" });
    expect(settleNode([device("a", steady(130n, 130n))])).toMatchObject({ originalWh: 300n, rearrangedWh: 0n });
  });

  it("charges, beyond the deficient energy, what devices consumed the wrong way", () => {
    const statement = settleNode([device("a", steady(60n, 60n)), device("b", steady(40n, -25n))]);
    expect(statement).toMatchObject({ deficientWh: 120n, deficiencyWh: 195n, penaltyMicro: 195n * 11n });
  });

  it("lets spare delivery of one device make up for another", () => {
    const statement = settleNode([device("a", steady(110n, 110n)), device("b", steady(10n, -10n))]);
    expect(statement).toMatchObject({ deficientWh: 0n, deficiencyWh: 0n, outcome: "success" });
  });

  it("grants its own dead band", () => {
    const statement = settleNode([device("a", steady(100n, 80n))], { deadBandPerMille: 150n });
    expect(statement).toMatchObject({ deficientWh: 60n, penalisedWh: 15n, penaltyMicro: 165n });
  });

  it("is deficient in all with no device at all", () => {
    expect(settleNode([])).toMatchObject({ deliveredWh: 0n, deficientWh: 300n, outcome: "failure" });
  });

  it.each([
    ["a contract listed twice", [device("a", steady(1n, 1n)), device("a", steady(1n, 1n), { deviceId: "other" })]],
    [
      "a device ordered by two contracts in one interval",
      [
        device("a", steady(1n, 1n), { deviceId: "same" }),
        device("b", [order(1n, 1n)], { deviceId: "same", kind: "replacement", from: 2 }),
      ],
    ],
  ])("rejects %s, which would count energy twice", (_, contributions) => {
    expect(() => settleNode(contributions)).toThrow(InvalidTermsError);
  });

  it("accepts a device whose second contract orders only where the first does not", () => {
    const first = device("a", [order(10n, 10n), order(10n, 10n), order(0n, 0n)], { deviceId: "same" });
    const second = device("b", [order(5n, 5n)], { deviceId: "same", kind: "replacement", from: 2 });
    expect(settleNode([first, second])).toMatchObject({ originalWh: 20n, rearrangedWh: 5n });
  });

  it("rejects an interval that was not ordered and an order of another length", () => {
    const foreign = device("a", steady(1n, 1n));
    const shifted = foreign.intervals.map((each) => ({ ...each, endUnixMs: each.endUnixMs + 1 }));
    expect(() => settleNode([{ ...foreign, intervals: shifted }])).toThrow(InvalidTermsError);
    const late = foreign.intervals.map((each) => ({ ...each, startUnixMs: each.startUnixMs + 3 * MTU_MS }));
    expect(() => settleNode([{ ...foreign, intervals: late }])).toThrow(InvalidTermsError);
    expect(() => settleVirtualNode({ terms, intervals, orderedWh: [1n], contributions: [] })).toThrow(
      InvalidTermsError,
    );
  });

  it("attributes every Wh once, conserves money and ignores the order of devices", () => {
    const anyOrder = fc.record({
      orderedWh: fc.bigInt({ min: 0n, max: 100n }),
      netWh: fc.option(fc.bigInt({ min: -100n, max: 200n })),
    });
    const anyDevices = fc.array(
      fc.record({
        orders: fc.tuple(anyOrder, anyOrder, anyOrder),
        kind: fc.constantFrom("original" as const, "replacement" as const),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(anyDevices, (devices) => {
        const contributions = devices.map(({ orders, kind }, index) => device(`contract ${index}`, orders, { kind }));
        const statement = settleNode(contributions);
        for (const { orderedWh, originalWh, rearrangedWh, deficientWh } of statement.intervals) {
          expect(originalWh + rearrangedWh + deficientWh).toBe(orderedWh);
        }
        const deviceDeliveredWh = sumOf(
          contributions.flatMap((each) => each.intervals.map((part) => part.deliveredWh)),
        );
        expect(statement.deliveredWh <= deviceDeliveredWh).toBe(true);
        expect(statement.deficiencyWh >= statement.deficientWh).toBe(true);
        expect(statement.paidMicro + statement.returnedToPayerMicro).toBe(statement.escrowMicro);
        expect(statement.penaltyMicro + statement.returnedToProviderMicro).toBe(statement.depositMicro);
        expect(settleNode([...contributions].reverse())).toEqual(statement);
      }),
    );
  });
});

describe("settleFromSums", () => {
  it("gives what settling all devices at once gives, however they were grouped", () => {
    const energy = fc.bigInt({ min: -200n, max: 300n });
    const behaviour = fc.record({
      orderedWh: fc.bigInt({ min: 0n, max: 200n }),
      netWh: fc.option(energy),
      kind: fc.constantFrom("original" as const, "replacement" as const),
      group: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(behaviour, { maxLength: 12 }), (devices) => {
        const contributions = devices.map(({ orderedWh, netWh, kind }, index) =>
          device(`${index}`, steady(orderedWh, netWh), { kind }),
        );
        const groups = [0, 1, 2, 3].map((group) => contributions.filter((_, index) => devices[index]?.group === group));
        const sums = groups.map((group) => sumDeliveries(intervals, group));
        const summed = settleFromSums({ terms, intervals, orderedWh: [100n, 100n, 100n], sums });
        expect(summed).toEqual(settleNode(contributions));
      }),
    );
  });

  it("refuses a sum of an interval that was not ordered", () => {
    const [first] = sumDeliveries(intervals, []);
    const stranger = { ...first, startUnixMs: 9 * MTU_MS, endUnixMs: 10 * MTU_MS };
    const sums = [[stranger as NonNullable<typeof first>]];
    expect(() => settleFromSums({ terms, intervals, orderedWh: [1n, 1n, 1n], sums })).toThrow(InvalidTermsError);
  });
});
