import { describe, expect, it } from "vitest";
import { BrokenGridError, type GridFault } from "../flexibility-error.ts";
import { type Row, rowsFromCsv } from "./csv-rows.ts";
import { feederOf, type GridRows, parseRadialGrid, pathToSource } from "./radial-grid.ts";

/**
 *   S --T0-- K --L0-- A --L1-- B
 *             \--L2-- C           and the open tie L3 from B to C
 */
const BUSES = `bus,name,vn_kv,role
S,MV,20,mv_slack
K,Busbar,0.4,lv_busbar
A,A,0.4,lv
B,B,0.4,lv
C,C,0.4,lv
`;
const LINES = `line,from_bus,to_bus,s_max_kva,closed
L0,A,K,187.06149,1
L1,A,B,100,1
L2,K,C,50,1
L3,B,C,50,0
`;
const TRANSFORMERS = `trafo,hv_bus,lv_bus,s_kva
T0,S,K,160
`;

function rows(extra: { buses?: string; lines?: string; transformers?: string } = {}): GridRows {
  return {
    buses: rowsFromCsv(BUSES + (extra.buses ?? "")),
    lines: rowsFromCsv(LINES + (extra.lines ?? "")),
    transformers: rowsFromCsv(TRANSFORMERS + (extra.transformers ?? "")),
  };
}

describe("parseRadialGrid", () => {
  const grid = parseRadialGrid(rows());

  it("directs every closed branch away from the source, feeding ones first", () => {
    expect(grid.sourceBusId).toBe("S");
    expect(grid.branches).toEqual([
      { branchId: "T0", kind: "transformer", upstreamBusId: "S", downstreamBusId: "K", apparentVaMax: 160_000 },
      { branchId: "L0", kind: "line", upstreamBusId: "K", downstreamBusId: "A", apparentVaMax: 187_061 },
      { branchId: "L2", kind: "line", upstreamBusId: "K", downstreamBusId: "C", apparentVaMax: 50_000 },
      { branchId: "L1", kind: "line", upstreamBusId: "A", downstreamBusId: "B", apparentVaMax: 100_000 },
    ]);
    expect(grid.buses.get("K")).toEqual({ busId: "K", name: "Busbar", nominalV: 400, isSource: false });
  });

  it("knows the way from each bus to the source", () => {
    expect(pathToSource(grid, "B").map(({ branchId }) => branchId)).toEqual(["L1", "L0", "T0"]);
    expect(pathToSource(grid, "S")).toEqual([]);
    expect(() => pathToSource(grid, "X")).toThrow(BrokenGridError);
  });

  it("names a feeder by its first line below the transformer", () => {
    expect(["A", "B", "C", "K", "S"].map((busId) => feederOf(grid, busId))).toEqual(["L0", "L0", "L2", null, null]);
  });

  it("names a feeder by the first line from the source where there is no transformer", () => {
    const bare = parseRadialGrid({
      buses: rowsFromCsv("bus,vn_kv,role\nS,0.4,mv_slack\nA,0.4,lv\nB,0.4,lv"),
      lines: rowsFromCsv("line,from_bus,to_bus,s_max_kva,closed\nL0,S,A,1,1\nL1,A,B,1,1"),
      transformers: [],
    });
    expect(feederOf(bare, "B")).toBe("L0");
    expect(bare.buses.get("A")?.name).toBe("A");
  });
});

describe("a broken grid", () => {
  it.each([
    ["a line that closes a loop", rows({ lines: "L4,C,B,50,1" }), "loop", /^L/],
    ["a line from a bus to itself", rows({ lines: "L4,C,C,50,1" }), "loop", /^L4$/],
    ["parallel transformers", rows({ transformers: "T1,S,K,160" }), "loop", /^T1$/],
    ["a line to an unknown bus", rows({ lines: "L4,C,X,50,1" }), "unknown_bus", /^L4$/],
    ["a bus that nothing feeds", rows({ buses: "D,D,0.4,lv" }), "island", /^D$/],
    ["a bus behind an open line", rows({ buses: "D,D,0.4,lv", lines: "L4,C,D,50,0" }), "island", /^D$/],
    ["a second source", rows({ buses: "D,D,20,mv_slack" }), "several_sources", /^D$/],
    ["a bus given twice", rows({ buses: "A,A,0.4,lv" }), "duplicate_id", /^A$/],
    ["a line given twice", rows({ lines: "L1,B,C,50,1" }), "duplicate_id", /^L1$/],
    ["a line named as a transformer", rows({ lines: "T0,B,C,50,1" }), "duplicate_id", /^T0$/],
    ["a limit that is no number", rows({ lines: "L4,C,B,wide,1" }), "bad_number", /^L4$/],
    ["a limit of zero", rows({ lines: "L4,C,B,0,1" }), "bad_number", /^L4$/],
    ["a switch state that is neither open nor closed", rows({ lines: "L4,C,B,50,2" }), "bad_number", /^L4$/],
    ["an empty limit", rows({ lines: "L4,C,B,,1" }), "missing_column", /^L4$/],
    ["no source", { ...rows(), buses: rowsFromCsv("bus,vn_kv,role\nA,0.4,lv") }, "unknown_bus", /^T0$/],
    ["no source in an empty grid", { buses: [], lines: [], transformers: [] }, "no_source", /^grid$/],
    ["a table without bus ids", { ...rows(), buses: [{ name: "A" }] as Row[] }, "missing_column", /^bus$/],
  ] satisfies [string, GridRows, GridFault, RegExp][])("is refused: %s", (_, broken, fault, elementId) => {
    expect(() => parseRadialGrid(broken)).toThrow(
      expect.objectContaining({
        name: "BrokenGridError",
        code: "FLEXIBILITY_BROKEN_GRID",
        fault,
        elementId: expect.stringMatching(elementId),
      }),
    );
  });
});
