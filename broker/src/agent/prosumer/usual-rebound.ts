import { RESOURCE_KIND, type Resource, type ResourceKind } from "@gridpact/proto";
import { share, sumOf } from "@gridpact/settlement";

/**
 * What each kind of resource takes back of a reduction, per mille: light that was dimmed is gone, a store is filled
 * again with its losses on top. A building loses less heat while it is cooler, a tenth at usual time constants.
 */
const REBOUND_PER_MILLE: Record<ResourceKind, number> = {
  [RESOURCE_KIND.UNSPECIFIED]: 1_000,
  [RESOURCE_KIND.RELAY]: 1_000,
  [RESOURCE_KIND.DIMMER]: 0,
  [RESOURCE_KIND.HEAT_PUMP]: 900,
  [RESOURCE_KIND.BATTERY]: 1_100,
  [RESOURCE_KIND.EV]: 1_000,
};

/** The part of a reduction by all resources together that comes back as load, per mille; 0 without resources. */
export function usualReboundPerMille(resources: readonly Resource[]): number {
  const totalW = sumOf(resources.map(({ reduceWMax }) => reduceWMax));
  if (totalW === 0n) return 0;
  const reboundW = sumOf(resources.map(({ kind, reduceWMax }) => share(reduceWMax, REBOUND_PER_MILLE[kind])));
  return Number((reboundW * 1_000n) / totalW);
}
