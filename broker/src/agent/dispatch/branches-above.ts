import type { SupplyGrid } from "./choice-rules.ts";

/** Indices of the grid's nodes between a device and the source, its own first: what it draws flows through each. */
export function branchesAbove({ nodes, nodeIndexOf }: SupplyGrid, deviceId: string): number[] {
  const above: number[] = [];
  for (let at = nodeIndexOf[deviceId] ?? 0; nodes[at] !== undefined; at = nodes[at]?.parentIndex ?? -1) above.push(at);
  return above;
}
