import { RESOURCE_KIND, type Resource, type ResourceKind } from "@gridpact/proto";
import { share, sumOf } from "@gridpact/settlement";
import type { StepContext } from "./agent-modules.ts";

/** Readings older than this say nothing about the load of now: three of the longest usual intervals. */
const FRESH_MS = 45 * 60_000;

/** Tells the aggregator that the node is there, and what it could reduce. */
export async function sendHeartbeat({ options, modules, reliability, outlooks }: StepContext): Promise<void> {
  const nowUnixMs = modules.clock.nowUnixMs();
  let importW = 0;
  let reduceWMax = 0n;
  let reboundW = 0n;
  const devices = modules.devices();
  for (const { deviceId, resources } of devices) {
    const latest = modules.latestReading(deviceId);
    if (latest !== undefined && latest.measuredAtUnixMs > nowUnixMs - FRESH_MS) importW += latest.powerW;
    const resourcesW = sumOf(resources.map((resource) => resource.reduceWMax));
    reduceWMax += share(resourcesW, reliability.perMilleOf(deviceId));
    reboundW += share(reboundOf(resources), reliability.perMilleOf(deviceId));
  }
  const outlook = outlooks.newest();
  await modules.aggregator.register({
    vnId: options.vnId,
    feidCount: devices.length,
    importW,
    reduceWMax: Number(reduceWMax),
    reboundPerMille: reduceWMax === 0n ? 0 : Number((reboundW * 1_000n) / reduceWMax),
    ...(outlook === undefined ? {} : { forecast: outlook.forecast }),
  });
}

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

/** The part of the resources' reduction that comes back as load, W. */
function reboundOf(resources: readonly Resource[]): bigint {
  return sumOf(resources.map(({ kind, reduceWMax }) => share(reduceWMax, REBOUND_PER_MILLE[kind])));
}
