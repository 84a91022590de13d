import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as flexibility from "./index.ts";

describe("the package", () => {
  it("exports exactly these values", () => {
    expect(Object.keys(flexibility).sort()).toEqual([
      "BrokenGridError",
      "CANDIDATES_MAX",
      "COUNTRIES",
      "DEFAULT_GUIDELINES",
      "DEFAULT_MARGIN_PER_MILLE_MAX",
      "DISPATCH_VERSION",
      "FORECAST_HORIZON_MS_MAX",
      "FORECAST_MODEL_VERSION",
      "FlexibilityError",
      "INTERVAL_COVERAGE",
      "InvalidInputError",
      "NEW_SUPPLIER",
      "NoPlanError",
      "TRACES_MAX",
      "TRAINED_POLICY",
      "UTC_CLOCK",
      "acExcess",
      "acNetwork",
      "availabilityPerMille",
      "batteryFlexibility",
      "beliefOf",
      "branchLimits",
      "branchLoadings",
      "callShares",
      "carFlexibility",
      "checkBattery",
      "checkPlan",
      "clairvoyantValue",
      "customersByBus",
      "dimmableFlexibility",
      "dispatchBy",
      "estimateDelivery",
      "feederOf",
      "findOverloads",
      "forecastSeries",
      "formClusters",
      "heatingFlexibility",
      "learnHistory",
      "learnOutcome",
      "learnRebound",
      "linearVoltages",
      "loadSolver",
      "localClockOf",
      "matchByPolicy",
      "matchGreedily",
      "newProsumer",
      "parseRadialGrid",
      "pathToSource",
      "planBalance",
      "planStep",
      "policyMargin",
      "profileOutlook",
      "publicHolidays",
      "readInstance",
      "recluster",
      "recogniseCountry",
      "rememberEvent",
      "replaceShortfall",
      "rowsFromCsv",
      "segmentProfiles",
      "selectDevices",
      "shareByCapacity",
      "solveAcFlow",
      "solveDispatch",
      "solveWithRisk",
      "solveWithinAcLimits",
      "stepBattery",
      "sustainableDraw",
      "switchableFlexibility",
      "turnSurchargePerMille",
      "usualEnergyWh",
    ]);
  });

  it("is deterministic: no clock, no random numbers, no function whose last bit depends on the engine", () => {
    const forbidden = /Date\.now|new Date\(\)|Math\.(random|exp|pow|log|sin|cos|hypot)|\*\*|\bprocess\./;
    const sources = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" }).filter(
      (path) => path.endsWith(".ts") && !path.endsWith(".test.ts"),
    );
    // Comments may name what the code avoids.
    const code = (path: string) =>
      readFileSync(join(import.meta.dirname, path), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, "");
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.filter((path) => forbidden.test(code(path)))).toEqual([]);
  });
});
