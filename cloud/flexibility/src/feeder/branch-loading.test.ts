import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BrokenGridError } from "../flexibility-error.ts";
import { branchLimits } from "./branch-limits.ts";
import { branchLoadings, findOverloads } from "./branch-loading.ts";
import { rowsFromCsv } from "./csv-rows.ts";
import { customersByBus } from "./customers.ts";
import { parseRadialGrid } from "./radial-grid.ts";

/** S --T0 (10 kVA)-- A --L0 (6 kVA)-- B --L1 (4 kVA)-- C */
const grid = parseRadialGrid({
  buses: rowsFromCsv("bus,vn_kv,role\nS,20,mv_slack\nA,0.4,lv_busbar\nB,0.4,lv\nC,0.4,lv"),
  lines: rowsFromCsv("line,from_bus,to_bus,s_max_kva,closed\nL0,A,B,6,1\nL1,B,C,4,1"),
  transformers: rowsFromCsv("trafo,hv_bus,lv_bus,s_kva\nT0,S,A,10"),
});
const power = (values: Record<string, number>) => new Map(Object.entries(values));
const BASE = power({ A: 1000, B: 2000, C: 3000 });

describe("branchLoadings", () => {
  it("sums what is drawn below each branch", () => {
    expect(branchLoadings(grid, { powerW: BASE })).toEqual([
      { branchId: "T0", flowW: 6000, apparentVa: 6000, apparentVaMax: 10_000 },
      { branchId: "L0", flowW: 5000, apparentVa: 5000, apparentVaMax: 6000 },
      { branchId: "L1", flowW: 3000, apparentVa: 3000, apparentVaMax: 4000 },
    ]);
  });

  it("adds reactive power at right angles", () => {
    const [transformer] = branchLoadings(grid, { powerW: power({ C: 3000 }), reactiveVar: power({ A: 4000 }) });
    expect(transformer).toMatchObject({ flowW: 3000, apparentVa: 5000 });
  });

  it("is linear: loading of a sum is the sum of the flows", () => {
    const watts = fc.integer({ min: -20_000, max: 20_000 });
    const anyPower = fc.record({ S: watts, A: watts, B: watts, C: watts }).map(power);
    fc.assert(
      fc.property(anyPower, anyPower, (powerW, changeW) => {
        const flows = (request: { powerW: Map<string, number>; changeW?: Map<string, number> }) =>
          branchLoadings(grid, request).map(({ flowW }) => flowW);
        const [together, one, other] = [flows({ powerW, changeW }), flows({ powerW }), flows({ powerW: changeW })];
        expect(together).toEqual(one.map((flowW, index) => flowW + (other[index] ?? 0)));
      }),
    );
  });
});

describe("findOverloads", () => {
  const overloads = (changeW: Record<string, number>) =>
    findOverloads(grid, { powerW: BASE, changeW: power(changeW) }).map(({ branchId }) => branchId);

  it("allows a change up to the limit and names the branches beyond it", () => {
    expect(overloads({})).toEqual([]);
    expect(overloads({ C: 1000 })).toEqual([]);
    expect(overloads({ C: 1001 })).toEqual(["L0", "L1"]);
    expect(overloads({ B: 4001 })).toEqual(["T0", "L0"]);
  });

  it("sees a branch that is overloaded back to the source", () => {
    expect(overloads({ C: -7000 })).toEqual([]);
    expect(overloads({ C: -7001 })).toEqual(["L1"]);
  });

  it("refuses power at an unknown bus", () => {
    expect(() => overloads({ X: 1 })).toThrow(BrokenGridError);
  });
});

describe("branchLimits", () => {
  const powerW = new Map([
    ["A", [1000, 1000]],
    ["B", [2000, 9000]],
    ["C", [3000, -3000]],
  ]);
  const limits = (direction: "reduce" | "increase") =>
    branchLimits(grid, { direction, powerW, unitCount: 2, mtuMs: 900_000 }).map(({ changeWhMax }) => changeWhMax);

  it("leave an increase until the branch is full towards the customers", () => {
    expect(limits("increase")).toEqual([
      [1000n, 750n],
      [250n, 0n],
      [250n, 1750n],
    ]);
  });

  it("leave a reduction until the branch is full back to the source", () => {
    expect(limits("reduce")).toEqual([
      [4000n, 4250n],
      [2750n, 3000n],
      [1750n, 250n],
    ]);
  });

  it("never let a branch be overloaded that was not before", () => {
    const watts = fc.integer({ min: -3000, max: 3000 });
    const direction = fc.constantFrom("reduce" as const, "increase" as const);
    fc.assert(
      fc.property(fc.record({ A: watts, B: watts, C: watts }), direction, (values, way) => {
        const baseW = new Map(Object.entries(values).map(([busId, value]) => [busId, [value]]));
        const bounds = branchLimits(grid, { direction: way, powerW: baseW, unitCount: 1, mtuMs: 3_600_000 });
        // The device at C is below every branch, so the least limit bounds it.
        const most = Math.min(...bounds.map(({ changeWhMax }) => Number(changeWhMax[0])));
        const changeW = power({ C: way === "increase" ? most : -most });
        const before = findOverloads(grid, { powerW: power(values) }).map(({ branchId }) => branchId);
        const after = findOverloads(grid, { powerW: power(values), changeW }).map(({ branchId }) => branchId);
        expect(after.filter((branchId) => !before.includes(branchId))).toEqual([]);
      }),
    );
  });

  it("refuse power that does not cover every unit or is at an unknown bus", () => {
    const forecast = { direction: "reduce" as const, unitCount: 2 };
    expect(() => branchLimits(grid, { ...forecast, powerW: new Map([["A", [1]]]) })).toThrow("powerW of A");
    expect(() => branchLimits(grid, { ...forecast, powerW: new Map([["X", [1, 1]]]) })).toThrow(BrokenGridError);
  });
});

describe("customersByBus", () => {
  it("counts customers and adds up their size, zero where nobody is", () => {
    const loads = rowsFromCsv("load,bus,p_ref_kw\nLD0,B,3\nLD1,C,4.5\nLD2,B,6.25");
    expect(Object.fromEntries(customersByBus(grid, loads))).toEqual({
      S: { count: 0, powerW: 0 },
      A: { count: 0, powerW: 0 },
      B: { count: 2, powerW: 9250 },
      C: { count: 1, powerW: 4500 },
    });
  });

  it.each([
    ["at an unknown bus", "load,bus,p_ref_kw\nLD0,X,3", "unknown_bus"],
    ["given twice", "load,bus,p_ref_kw\nLD0,B,3\nLD0,C,3", "duplicate_id"],
    ["without size", "load,bus,p_ref_kw\nLD0,B,", "missing_column"],
    ["of a size that is no number", "load,bus,p_ref_kw\nLD0,B,big", "bad_number"],
  ])("refuses a customer %s", (_, csv, fault) => {
    expect(() => customersByBus(grid, rowsFromCsv(csv))).toThrow(expect.objectContaining({ fault }));
  });
});
