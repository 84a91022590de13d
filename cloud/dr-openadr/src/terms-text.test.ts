import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drRequest } from "../test/bench.ts";
import { energyWhOf, meanPowerW, wholeOf } from "./power.ts";
import { readAnswer, readTerms, writeTerms } from "./terms-text.ts";

describe("contract terms in a comment", () => {
  it("are read as they were written", () => {
    const { requestId: _, vnId: __, intervals: ___, orderedWh: ____, priceMicroPerWh: _____, ...terms } = drRequest();
    expect(readTerms(writeTerms(drRequest()))).toEqual(terms);
  });

  it("are none in any other text", () => {
    const written = writeTerms(drRequest());
    const others = [
      undefined,
      "",
      "OK",
      "{",
      "{}",
      "[]",
      "null",
      written.replace("tenInTen", "guess"),
      written.replace('"penaltyMicroPerWh":"600"', '"penaltyMicroPerWh":600'),
      written.replace('["offices"]', "[1]"),
      written.replace("respondByUnixMs", "respondBy"),
    ];
    for (const text of others) expect(readTerms(text)).toBeUndefined();
  });
});

describe("an answer's description", () => {
  it("nominates nothing when it is not ours", () => {
    for (const text of [undefined, "OK", "{", '{"nominatedWh":["x"]}', '{"nominatedWh":"1"}']) {
      expect(readAnswer("optIn", text)).toMatchObject({
        isAccepted: true,
        nominatedWh: [],
        acceptanceProofHashHex: "",
      });
    }
  });

  it("of an optOut is the reason, whatever it says", () => {
    expect(readAnswer("optOut", '{"nominatedWh":["1"]}')).toMatchObject({ isAccepted: false, nominatedWh: [] });
    expect(readAnswer("optOut", undefined).reason).toBe("opted out");
  });
});

describe("energy as mean power", () => {
  it("comes back to the Wh, for every interval of whole minutes up to a day", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 1, max: 1_440 }), (energyWh, minutes) => {
        expect(energyWhOf(meanPowerW(energyWh, minutes * 60_000), minutes * 60_000)).toBe(energyWh);
      }),
    );
  });

  it("is counted below 2^53 Wh and not at all beyond", () => {
    expect(wholeOf(Number.MAX_SAFE_INTEGER)).toBe(2n ** 53n - 1n);
    for (const value of [2 ** 53, -(2 ** 53), 1e308 * 1_000, Number.NaN]) expect(wholeOf(value)).toBeUndefined();
  });
});
