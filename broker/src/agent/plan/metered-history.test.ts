import { describe, expect, it } from "vitest";
import type { EvidenceSource } from "../../evidence/index.ts";
import { daysBefore, meteredHistory } from "./metered-history.ts";

const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
const NOON = Date.UTC(2016, 0, 28, 12);

/** A register that counts 250 Wh in each quarter, without readings where the test wants none. */
function source(missing: readonly number[] = []): EvidenceSource {
  const importWhAt = (atUnixMs: number) => BigInt(atUnixMs / QUARTER_MS) * 250n;
  return {
    registersAt: async (_, atUnixMs) =>
      atUnixMs.map((at) =>
        missing.includes(at) ? undefined : { atUnixMs: at, importWh: importWhAt(at), exportWh: 0n },
      ),
    boundaryEvidence: async () => undefined,
  };
}

const SPAN = { fromUnixMs: NOON - 3 * DAY_MS, toUnixMs: NOON, mtuMs: QUARTER_MS };

describe("a metered history", () => {
  it("has one energy for each unit between boundaries", async () => {
    const { netWh, startUnixMs } = await meteredHistory(source(), "a", SPAN);
    expect(startUnixMs).toBe(SPAN.fromUnixMs);
    expect(netWh).toHaveLength(3 * 96);
    expect(new Set(netWh)).toEqual(new Set([250n]));
  });

  it("has none on both sides of a missing boundary", async () => {
    const { netWh } = await meteredHistory(source([SPAN.fromUnixMs + 2 * QUARTER_MS]), "a", SPAN);
    expect(netWh.slice(0, 4)).toEqual([250n, null, null, 250n]);
  });

  it("refuses a span that is not made of whole units", async () => {
    await expect(meteredHistory(source(), "a", { ...SPAN, toUnixMs: NOON + 1 })).rejects.toThrow("whole units");
  });

  it("gives the event's intervals on each day before, newest first, and nothing beyond itself", async () => {
    const history = await meteredHistory(source(), "a", SPAN);
    const intervals = [{ startUnixMs: NOON, endUnixMs: NOON + QUARTER_MS }];
    expect(daysBefore(history, intervals, 4)).toEqual([
      { localDate: "2016-01-27", windowWh: [250n] },
      { localDate: "2016-01-26", windowWh: [250n] },
      { localDate: "2016-01-25", windowWh: [250n] },
      { localDate: "2016-01-24", windowWh: [null] },
    ]);
  });
});
