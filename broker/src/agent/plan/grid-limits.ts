import type { DrRequest } from "@gridpact/proto";
import { HOUR_MS } from "../../time-spans.ts";
import { branchesAbove, type ChoiceRules, type SupplyGrid } from "../dispatch/index.ts";
import type { Candidate } from "../document/index.ts";

/**
 * How much may be reduced below each limited branch before it is full the other way, Wh in each interval, by what the
 * candidates are expected to draw. It is what greedy orders go by; voltages and rebound are the optimiser's alone.
 */
export function gridLimits(
  grid: SupplyGrid,
  candidates: readonly Candidate[],
  intervals: DrRequest["intervals"],
): ChoiceRules["limits"] {
  const { nodes } = grid;
  const flowsWh = nodes.map(() => intervals.map(() => 0n));
  for (const { deviceId, forecastWh } of candidates) {
    for (const at of branchesAbove(grid, deviceId)) {
      const row = flowsWh[at] ?? [];
      forecastWh.forEach((wh, index) => {
        row[index] = (row[index] ?? 0n) + wh;
      });
    }
  }
  return nodes.flatMap(({ nodeId, capacityW }, node) => {
    if (capacityW === null) return [];
    const limitWh = intervals.map(({ startUnixMs, endUnixMs }, index) => {
      const mostWh = BigInt(Math.floor((capacityW * (endUnixMs - startUnixMs)) / HOUR_MS));
      const freeWh = mostWh + (flowsWh[node]?.[index] ?? 0n);
      return freeWh > 0n ? freeWh : 0n;
    });
    return [{ elementId: nodeId, limitWh }];
  });
}
