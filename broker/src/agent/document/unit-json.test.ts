import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readUnitJson, reviveUnits, writeUnitJson } from "./unit-json.ts";

describe("unit JSON", () => {
  it("brings back what it wrote, whatever the amounts", () => {
    const documents = fc.record({
      deviceId: fc.string(),
      orderedWh: fc.array(fc.bigInt({ min: -(10n ** 29n), max: 10n ** 29n })),
      priceMicroPerWh: fc.bigInt({ min: 0n, max: 10n ** 29n }),
      actualWh: fc.array(fc.option(fc.bigInt({ min: 0n, max: 9n }))),
    });
    fc.assert(
      fc.property(documents, (document) => {
        expect(readUnitJson(writeUnitJson(document))).toEqual(document);
      }),
    );
  });

  it("leaves everything alone that is not named after a unit", () => {
    const document = { contractId: "7", importWMax: 3, isAccepted: true, none: null };
    expect(reviveUnits(document)).toEqual(document);
  });

  it("refuses anything but decimal text where an integer must be", () => {
    for (const deliveredWh of [1, "1.5", "", "-0", "0x1", {}]) {
      const read = () => reviveUnits({ deliveredWh: deliveredWh as never });
      if (typeof deliveredWh === "object") expect(read()).toEqual({ deliveredWh: {} });
      else expect(read).toThrow("$.deliveredWh");
    }
  });
});
