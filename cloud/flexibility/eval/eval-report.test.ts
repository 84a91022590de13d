import { describe, expect, it } from "vitest";
import { reportTable } from "./eval-report.ts";

describe("reportTable", () => {
  it("lines up columns and shows what is missing, wrong and rounded", () => {
    const rows = [
      { row: "homes", ours: 0.123_456, isMet: true },
      { row: "longer name", ours: 12, isMet: false, bound: null },
    ];
    expect(reportTable({ title: "scores", rows, remarks: ["lower is better"] }).split("\n")).toEqual([
      "scores",
      "",
      "row          ours    isMet  bound",
      "homes        0.1235  yes    -",
      "longer name  12      NO     -",
      "",
      "lower is better",
      "",
    ]);
  });
});
