import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as settlement from "./index.ts";

const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map((path) => ({ path, text: readFileSync(join(import.meta.dirname, path), "utf8") }));

describe("the package", () => {
  it("exports exactly these values", () => {
    expect(Object.keys(settlement).sort()).toEqual([
      "BASELINE_METHODS",
      "CANONICAL_DEPTH_MAX",
      "DECIMAL_DIGITS_MAX",
      "DEFAULT_ADJUSTMENT",
      "DEFAULT_HIGH_DAYS",
      "DEFAULT_LOOKBACK_DAYS",
      "DEFAULT_MTU_MS",
      "EVENT_INTERVALS_MAX",
      "HISTORY_DAYS_MAX",
      "InsufficientHistoryError",
      "InvalidTermsError",
      "InvariantBrokenError",
      "NotCanonicalError",
      "SettlementError",
      "TIERS_MAX",
      "adjustSameDay",
      "bigintFromDecimal",
      "canonicalJson",
      "checkIntervals",
      "computeBaseline",
      "eventIntervals",
      "fundsFor",
      "heldBack",
      "highXofY",
      "intervalBoundaries",
      "isBaselineMethod",
      "isMoreThanShare",
      "larger",
      "meterBeforeAfter",
      "netImportWh",
      "nominated",
      "paidAtOnce",
      "parseCanonicalJson",
      "readUnitJson",
      "resettle",
      "reviveUnits",
      "settle",
      "settleFromSums",
      "settleHedge",
      "settleInterval",
      "settleVirtualNode",
      "share",
      "shareInside",
      "smaller",
      "sumDeliveries",
      "sumOf",
      "sumOrderChanges",
      "tenInTen",
      "totalEvent",
      "totalMoney",
      "totalOf",
      "writeUnitJson",
    ]);
  });

  it("runs in a browser: it imports only itself", () => {
    const imported = sources.flatMap(({ text }) => [...text.matchAll(/from "([^"]+)"/g)].map((match) => match[1]));
    expect(imported.filter((name) => !name?.startsWith("."))).toEqual([]);
    expect(imported.length).toBeGreaterThan(0);
  });

  it("is deterministic: it reads no clock, no random numbers and no surroundings", () => {
    const forbidden = /Date\.now|new Date\(\)|Math\.random|\bprocess\.|\bBuffer\b|\bIntl\.|toLocale/;
    expect(sources.filter(({ text }) => forbidden.test(text)).map(({ path }) => path)).toEqual([]);
  });
});
