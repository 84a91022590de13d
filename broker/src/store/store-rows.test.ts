import { describe, expect, it } from "vitest";
import { rowsForStore, servesStore } from "./store-rows.ts";

describe("rows for a store", () => {
  it("are what it takes, and nothing else", () => {
    expect((["none", "sqlite", "influx"] as const).map(rowsForStore)).toEqual(["none", "readings", "line-protocol"]);
  });

  it("serve the store that they are for, as all of them do, and no other", () => {
    expect(servesStore("both", "sqlite") && servesStore("both", "influx")).toBe(true);
    expect(servesStore("readings", "sqlite")).toBe(true);
    expect(servesStore("line-protocol", "sqlite")).toBe(false);
    expect(servesStore("readings", "influx")).toBe(false);
    expect(servesStore("none", "influx")).toBe(false);
    expect(servesStore("none", "none")).toBe(true);
  });
});
