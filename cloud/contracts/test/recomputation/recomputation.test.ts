import { describe, expect, it } from "vitest";
import { BrowserRealm } from "./browser-realm.ts";
import { recompute } from "./recompute.ts";

const SEED = 7;

describe("a settlement", () => {
  it("is the same text by contract, server and browser, whatever happened in the event", async () => {
    const result = await recompute({ events: 200, seed: SEED });
    expect(result, `seed ${SEED}`).toMatchObject({ events: 200, differing: 0 });
  }, 60_000);

  it("is UFTP's in the browser, too: 10 MW of baseline, 2 MW ordered, 7 EUR/MW, penalty 11 EUR/MW", async () => {
    const realm = BrowserRealm.open();
    const contracts = [7, 8, 9, 10, 11].map((actual) =>
      JSON.stringify({
        terms: {
          direction: "reduce",
          priceMicroPerWh: "7",
          penaltyMicroPerWh: "11",
          penaltyCapMicro: "100",
          deadBandPerMille: "0",
        },
        intervals: [{ startUnixMs: 0, endUnixMs: 900_000 }],
        baselineWh: ["10"],
        orderedWh: ["2"],
        actualWh: [`${actual}`],
      }),
    );
    const settled = (await realm.settle(contracts)).map((text) => JSON.parse(text) as Record<string, string>);
    await realm.close();
    expect(settled.map(({ paidMicro, penaltyMicro }) => Number(paidMicro) - Number(penaltyMicro))).toEqual([
      14, 14, -4, -22, -33,
    ]);
  }, 60_000);

  it("is other than another event's: the comparison can fail", async () => {
    const [left, right] = [await recompute({ events: 2, seed: 1 }), await recompute({ events: 2, seed: 3 })];
    expect(left.digestHex).not.toBe(right.digestHex);
  }, 60_000);
});
