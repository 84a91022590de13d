import { share, sumOf } from "@gridpact/settlement";
import type { StepContext } from "./agent-modules.ts";

/** Readings older than this say nothing about the load of now: three of the longest usual intervals. */
const FRESH_MS = 45 * 60_000;

/** Tells the aggregator that the node is there, and what it could reduce. */
export async function sendHeartbeat({ options, modules, reliability }: StepContext): Promise<void> {
  const nowUnixMs = modules.clock.nowUnixMs();
  let importW = 0;
  let reduceWMax = 0n;
  const devices = modules.devices();
  for (const { deviceId, resources } of devices) {
    const latest = modules.latestReading(deviceId);
    if (latest !== undefined && latest.measuredAtUnixMs > nowUnixMs - FRESH_MS) importW += latest.powerW;
    const resourcesW = sumOf(resources.map((resource) => resource.reduceWMax));
    reduceWMax += share(resourcesW, reliability.perMilleOf(deviceId));
  }
  await modules.aggregator.register({
    vnId: options.vnId,
    feidCount: devices.length,
    importW,
    reduceWMax: Number(reduceWMax),
  });
}
