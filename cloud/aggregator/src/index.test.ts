import { describe, expect, it } from "vitest";
import * as face from "./index.ts";

describe("the public face of the package", () => {
  it("has these names and no others", () => {
    expect(Object.keys(face).sort()).toEqual([
      "AggregatorCore",
      "AggregatorError",
      "AggregatorServer",
      "DEFAULT_AGGREGATOR_OPTIONS",
      "DEFAULT_CLUSTER_GUIDELINES",
      "EVENTS_MAX",
      "MOVES_POLICIES",
      "STRATEGIES",
      "VIRTUAL_NODES_MAX",
      "isUnserved",
      "moveViews",
      "planClusters",
      "replay",
    ]);
  });
});
