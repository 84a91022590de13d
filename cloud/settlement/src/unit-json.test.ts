import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readUnitJson, reviveUnits, writeUnitJson } from "./unit-json.ts";

describe("unit JSON", () => {
  it("brings back what it wrote, whatever the amounts", () => {
    const documents = fc.record({
      vnId: fc.string(),
      orderedWh: fc.array(fc.bigInt({ min: 0n, max: 10n ** 29n })),
      paidMicro: fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n }),
      importW: fc.integer(),
      baselines: fc.constant({}),
    });
    fc.assert(
      fc.property(documents, (document) => {
        expect(readUnitJson(writeUnitJson(document))).toEqual(document);
      }),
    );
  });

  it("reads decimal text as integer below a field that is named after an energy or money unit, and only there", () => {
    const read = reviveUnits({ baselinesWh: { "feid-1": ["1", null] }, priceMicroPerWh: "2", vnId: "7", importW: 3 });
    expect(read).toEqual({ baselinesWh: { "feid-1": [1n, null] }, priceMicroPerWh: 2n, vnId: "7", importW: 3 });
  });

  it("refuses a number, a fraction and words where an integer must be", () => {
    for (const orderedWh of [1, "1.5", "many", "01", true]) {
      expect(() => reviveUnits({ orderedWh })).toThrow("$.orderedWh");
    }
  });
});
