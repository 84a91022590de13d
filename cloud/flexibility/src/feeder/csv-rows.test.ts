import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { rowsFromCsv } from "./csv-rows.ts";

describe("rowsFromCsv", () => {
  it("reads rows by column name, with either line ending and empty cells", () => {
    expect(rowsFromCsv("bus,name\r\nB0,Bus 1\nB1,\n")).toEqual([
      { bus: "B0", name: "Bus 1" },
      { bus: "B1", name: "" },
    ]);
    expect(rowsFromCsv("")).toEqual([]);
  });

  it.each([
    ["a short row", "a,b\n1"],
    ["a long row", "a,b\n1,2,3"],
    ["a quoted cell", 'a\n"1"'],
  ])("rejects %s", (_, text) => {
    expect(() => rowsFromCsv(text)).toThrow(InvalidInputError);
  });
});
