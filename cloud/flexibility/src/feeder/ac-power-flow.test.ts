import { describe, expect, it } from "vitest";
import { BrokenGridError, InvalidInputError } from "../flexibility-error.ts";
import { acNetwork, BASE_VA } from "./ac-network.ts";
import { linearVoltages, solveAcFlow } from "./ac-power-flow.ts";
import { rowsFromCsv } from "./csv-rows.ts";

/** SimBench 1-LV-rural1--0-sw (ODbL 1.0), as Meinecke et al. published it. */
const ROWS = {
  buses: rowsFromCsv(
    ["bus,vn_kv,role", "B42,20,mv_slack", "B3,0.4,lv_busbar"]
      .concat(
        ["B0", "B1", "B2", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "B11", "B12", "B13"].map((id) => `${id},0.4,lv`),
      )
      .join("\n"),
  ),
  lines: rowsFromCsv(`line,from_bus,to_bus,r_ohm,x_ohm,s_max_kva,closed
L0,B9,B2,0.011526977,0.0044850257,187.06149,1
L1,B13,B11,0.011074221,0.0043088632,187.06149,1
L2,B6,B3,0.010296657,0.0040063212,187.06149,1
L3,B8,B1,0.0036970569,0.001438486,187.06149,1
L4,B7,B10,0.0033256376,0.0012939707,187.06149,1
L5,B10,B9,0.0051191529,0.0019918086,187.06149,1
L6,B3,B7,0.0010626695,0.00041347355,187.06149,1
L7,B11,B6,0.00044377456,0.00017266802,187.06149,1
L8,B5,B13,0.02836234,0.011035489,187.06149,1
L9,B3,B0,0.027387543,0.010656206,187.06149,1
L10,B1,B3,0.0033500282,0.0013034608,187.06149,1
L11,B12,B8,0.0095113625,0.0037007713,187.06149,1
L12,B4,B5,0.00053381722,0.00020770268,187.06149,1`),
  transformers: rowsFromCsv(`trafo,hv_bus,lv_bus,s_kva,vk_percent,vkr_percent,pfe_kw,i0_percent,slack_vm_pu
T0,B42,B3,160,4,1.46875,0.46,0.28751,1.025`),
};

/** Load of 2016-02-07T18:30 by bus, W and var; no sun. */
const LOADS: Record<string, [number, number]> = {
  B9: [4290, 1174],
  B7: [670.2, 59.29],
  B13: [2878, 1221],
  B12: [288.5, 69.99],
  B8: [2860, 782.6],
  B5: [1727, 733],
  B2: [4604, 1954],
  B0: [10010, 2739],
  B6: [2145, 587.1],
  B11: [6906, 2931],
  B10: [522.5, -28.07],
  B1: [2302, 977.1],
  B4: [10010, 2739],
};

/** What pandapower finds for the same hour (Newton-Raphson). */
const PANDAPOWER_PU: Record<string, number> = {
  B0: 1.014961,
  B1: 1.016702,
  B2: 1.015839,
  B3: 1.016829,
  B4: 1.011602,
  B5: 1.011638,
  B6: 1.015123,
  B7: 1.016755,
  B8: 1.016623,
  B9: 1.016219,
  B10: 1.016537,
  B11: 1.015056,
  B12: 1.016604,
  B13: 1.013932,
};

const network = acNetwork(ROWS);
const loads = (factor = 1) => ({
  sourcePu: network.sourcePu,
  activePu: network.busIds.map((busId) => (factor * (LOADS[busId]?.[0] ?? 0)) / BASE_VA),
  reactivePu: network.busIds.map((busId) => (factor * (LOADS[busId]?.[1] ?? 0)) / BASE_VA),
});

describe("solveAcFlow", () => {
  it("finds the voltages and the exchange that pandapower finds", () => {
    const { voltagePu, activePu, reactivePu, currentPu } = solveAcFlow(network.nodes, loads());
    for (const [index, busId] of network.busIds.entries()) {
      const expected = PANDAPOWER_PU[busId];
      // Line capacitance is left out here, and the loads above are rounded to four digits.
      if (expected !== undefined) expect(Math.abs((voltagePu[index] ?? 0) - expected), busId).toBeLessThan(1e-5);
    }
    const transformer = network.branchIds.indexOf("T0");
    expect((activePu[transformer] ?? 0) * 1000).toBeCloseTo(50.042, 2);
    expect((reactivePu[transformer] ?? 0) * 1000).toBeCloseTo(16.571, 1);
    const loading = (currentPu[transformer] ?? 0) / (network.currentPuMax[transformer] ?? 0);
    expect(loading).toBeCloseTo(0.3214, 3);
  });

  it("lies within two parts in ten thousand of the linear voltages at usual load", () => {
    const { voltagePu } = solveAcFlow(network.nodes, loads());
    const linear = linearVoltages(network.nodes, loads());
    const errors = voltagePu.map((value, index) => Math.abs(value - (linear[index] ?? 0)));
    expect(Math.max(...errors)).toBeLessThan(2e-4);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  it("keeps the source's voltage and loses nothing when nothing is drawn", () => {
    const line = [
      { parentIndex: -1, resistancePu: 0, reactancePu: 0 },
      { parentIndex: 0, resistancePu: 0.1, reactancePu: 0.1 },
    ];
    const idle = solveAcFlow(line, { sourcePu: 1.02, activePu: [0, 0], reactivePu: [0, 0] });
    expect([...idle.voltagePu]).toEqual([1.02, 1.02]);
    const loaded = solveAcFlow(line, { sourcePu: 1, activePu: [0, 0.5], reactivePu: [0, 0] });
    const current = loaded.currentPu[1] ?? 0;
    expect(loaded.activePu[1]).toBeCloseTo(0.5 + 0.1 * current * current, 9);
  });

  it("says so when the grid cannot carry the load", () => {
    expect(() => solveAcFlow(network.nodes, loads(200))).toThrow(InvalidInputError);
  });

  it.each([
    ["without impedance", "", "missing_column"],
    ["whose impedance is no number", "much", "bad_number"],
  ])("refuses a line %s", (_, resistance, fault) => {
    const lines = ROWS.lines.map((row) => ({ ...row, r_ohm: resistance }));
    expect(() => acNetwork({ ...ROWS, lines })).toThrow(BrokenGridError);
    expect(() => acNetwork({ ...ROWS, lines })).toThrow(expect.objectContaining({ fault }));
  });
});
