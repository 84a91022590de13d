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
    const resourcesW = resources.reduce((total, resource) => total + resource.reduceWMax, 0n);
    reduceWMax += (resourcesW * BigInt(reliability.perMilleOf(deviceId))) / 1_000n;
  }
  await modules.aggregator.register({
    vnId: options.vnId,
    feidCount: devices.length,
    importW,
    reduceWMax: Number(reduceWMax),
  });
}
