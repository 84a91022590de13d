import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eventIntervals } from "../interval.ts";
import { InvalidTermsError } from "../settlement-error.ts";
import { type DeviceContract, settle } from "./device-settlement.ts";
import { totalMoney } from "./money.ts";
import { fundsFor, type SettlementTerms } from "./terms.ts";

const MTU_MS = 900_000;
const intervalsOf = (count: number) => eventIntervals({ startUnixMs: 0, endUnixMs: count * MTU_MS });
const terms: SettlementTerms = {
  direction: "reduce",
  priceMicroPerWh: 7n,
  penaltyMicroPerWh: 11n,
  penaltyCapMicro: 10_000n,
};

function contract(actualWh: (bigint | null)[], overrides: Partial<DeviceContract> = {}): DeviceContract {
  return {
    terms,
    intervals: intervalsOf(actualWh.length),
    baselineWh: actualWh.map(() => 1000n),
    orderedWh: actualWh.map(() => 200n),
    actualWh,
    ...overrides,
  };
}

describe("the published UFTP example", () => {
  // Baseline 10 MW, ordered 2 MW, 7 EUR/MW, penalty 11 EUR/MW. One hour turns MW into MWh; 1 EUR/MWh is 1 micro-EUR/Wh.
  const MEGAWATT_HOUR = 1_000_000n;
  const EURO = 1_000_000n;

  it.each([
    [7n, 14n],
    [8n, 14n],
    [9n, -4n],
    [10n, -22n],
    [11n, -33n],
  ])("an allocation of %s MW is worth %s EUR", (allocationMw, valueEuro) => {
    const result = settle({
      terms: { ...terms, penaltyCapMicro: 100n * EURO },
      intervals: eventIntervals({ startUnixMs: 0, endUnixMs: 3_600_000 }, 3_600_000),
      baselineWh: [10n * MEGAWATT_HOUR],
      orderedWh: [2n * MEGAWATT_HOUR],
      actualWh: [allocationMw * MEGAWATT_HOUR],
    });
    expect(result.paidMicro - result.penaltyMicro).toBe(valueEuro * EURO);
  });
});

describe("settle", () => {
  it("states energy, money and outcome of a contract", () => {
    const statement = settle(contract([800n, 850n, null]));
    expect(statement).toMatchObject({
      orderedWh: 600n,
      deliveredWh: 350n,
      deficiencyWh: 250n,
      penalisedWh: 250n,
      escrowMicro: 4200n,
      depositMicro: 10_000n,
      paidMicro: 2450n,
      penaltyMicro: 2750n,
      returnedToPayerMicro: 1750n,
      returnedToProviderMicro: 7250n,
      outcome: "partial",
    });
    expect(statement.intervals).toHaveLength(3);
    expect(statement.intervals[1]).toEqual({
      startUnixMs: MTU_MS,
      endUnixMs: 2 * MTU_MS,
      baselineWh: 1000n,
      orderedWh: 200n,
      actualWh: 850n,
      deliveredWh: 150n,
      deficiencyWh: 50n,
      penalisedWh: 50n,
    });
  });

  it("cuts the penalty to the cap, which is the deposit", () => {
    const statement = settle(contract([9_999_999n]));
    expect(statement).toMatchObject({ penaltyMicro: 10_000n, returnedToProviderMicro: 0n, outcome: "failure" });
  });

  it("charges only what exceeds the dead band", () => {
    const lenient = { ...terms, deadBandPerMille: 100n };
    expect(settle(contract([820n], { terms: lenient }))).toMatchObject({ penaltyMicro: 0n, outcome: "success" });
    expect(settle(contract([830n], { terms: lenient }))).toMatchObject({ penaltyMicro: 110n, outcome: "partial" });
  });

  it("returns what was escrowed beyond the price of the order", () => {
    const funds = { escrowMicro: 5000n, depositMicro: 40n };
    expect(settle(contract([900n], { funds }))).toMatchObject({
      paidMicro: 700n,
      returnedToPayerMicro: 4300n,
      penaltyMicro: 40n,
    });
  });

  it.each([
    ["an unknown direction", { terms: { ...terms, direction: "Reduce" as "reduce" } }, "direction"],
    ["a negative price", { terms: { ...terms, priceMicroPerWh: -1n } }, "priceMicroPerWh"],
    ["a negative penalty price", { terms: { ...terms, penaltyMicroPerWh: -1n } }, "penaltyMicroPerWh"],
    ["a negative cap", { terms: { ...terms, penaltyCapMicro: -1n } }, "penaltyCapMicro"],
    ["a dead band above the whole", { terms: { ...terms, deadBandPerMille: 1001n } }, "deadBandPerMille"],
    ["a negative dead band", { terms: { ...terms, deadBandPerMille: -1n } }, "deadBandPerMille"],
    ["a negative order", { orderedWh: [-1n] }, "orderedWh"],
    ["a missing order", { orderedWh: [] }, "orderedWh"],
    ["a baseline too many", { baselineWh: [1n, 2n] }, "baselineWh"],
    ["a missing actual", { actualWh: [] }, "actualWh"],
    ["no interval", { intervals: [] }, "intervals"],
    ["an escrow that cannot pay", { funds: { escrowMicro: 1399n, depositMicro: 0n } }, "escrowMicro"],
  ])("rejects %s", (_, overrides, field) => {
    const act = () => settle(contract([800n], overrides));
    expect(act).toThrow(InvalidTermsError);
    expect(act).toThrow(expect.objectContaining({ field }));
  });
});

describe("fundsFor", () => {
  it("is the price of the order and the penalty cap", () => {
    expect(fundsFor(terms, [200n, 300n])).toEqual({ escrowMicro: 3500n, depositMicro: 10_000n });
    expect(() => fundsFor(terms, [-1n])).toThrow(InvalidTermsError);
  });
});

describe("any contract", () => {
  const energyWh = fc.bigInt({ min: -100_000n, max: 100_000n });
  const positive = fc.bigInt({ min: 0n, max: 100_000n });
  const row = fc.record({ baselineWh: energyWh, orderedWh: positive, actualWh: fc.option(energyWh) });
  const anyContract = fc
    .record({
      rows: fc.array(row, { minLength: 1, maxLength: 12 }),
      direction: fc.constantFrom("reduce" as const, "increase" as const),
      prices: fc.tuple(positive, positive, positive),
      deadBandPerMille: fc.bigInt({ min: 0n, max: 1000n }),
    })
    .map(({ rows, direction, prices, deadBandPerMille }): DeviceContract => {
      const [priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro] = prices;
      return {
        terms: { direction, priceMicroPerWh, penaltyMicroPerWh, penaltyCapMicro, deadBandPerMille },
        intervals: intervalsOf(rows.length),
        baselineWh: rows.map((each) => each.baselineWh),
        orderedWh: rows.map((each) => each.orderedWh),
        actualWh: rows.map((each) => each.actualWh),
      };
    });

  it("conserves money and has no negative part", () => {
    fc.assert(
      fc.property(anyContract, (each) => {
        const { paidMicro, penaltyMicro, returnedToPayerMicro, returnedToProviderMicro, ...rest } = settle(each);
        const parts = [paidMicro, penaltyMicro, returnedToPayerMicro, returnedToProviderMicro];
        expect(parts.every((part) => part >= 0n)).toBe(true);
        expect(paidMicro + returnedToPayerMicro).toBe(rest.escrowMicro);
        expect(penaltyMicro + returnedToProviderMicro).toBe(rest.depositMicro);
      }),
    );
  });

  it("never pays less or charges more when one interval delivers more", () => {
    fc.assert(
      fc.property(anyContract, fc.nat(), fc.bigInt({ min: 0n, max: 50_000n }), (each, pick, extraWh) => {
        const index = pick % each.actualWh.length;
        const step = each.terms.direction === "reduce" ? -extraWh : extraWh;
        const improved = each.actualWh.map((actual, at) => (at === index && actual !== null ? actual + step : actual));
        const [before, after] = [settle(each), settle({ ...each, actualWh: improved })];
        expect(after.paidMicro >= before.paidMicro).toBe(true);
        expect(after.penaltyMicro <= before.penaltyMicro).toBe(true);
        expect(after.deliveredWh >= before.deliveredWh).toBe(true);
      }),
    );
  });

  it("never gains payment by withholding a register", () => {
    fc.assert(
      fc.property(anyContract, fc.nat(), (each, pick) => {
        const hidden = each.actualWh.map((actual, at) => (at === pick % each.actualWh.length ? null : actual));
        expect(settle({ ...each, actualWh: hidden }).paidMicro <= settle(each).paidMicro).toBe(true);
      }),
    );
  });

  it("settles to the same statement again, and leaves its input alone", () => {
    fc.assert(
      fc.property(anyContract, (each) => {
        const copy = structuredClone(each);
        expect(settle(each)).toEqual(settle(copy));
        expect(each).toEqual(copy);
      }),
    );
  });

  it("adds up to conserved totals in any order of devices", () => {
    fc.assert(
      fc.property(fc.array(anyContract, { maxLength: 6 }), (contracts) => {
        const settled = contracts.map(settle);
        expect(totalMoney([...settled].reverse())).toEqual(totalMoney(settled));
      }),
    );
  });
});
