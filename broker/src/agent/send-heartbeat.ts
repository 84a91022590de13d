import { availabilityPerMille } from "@gridpact/flexibility";
import { share, sumOf } from "@gridpact/settlement";
import type { Given } from "./agent-host.ts";
import type { OutlookStore } from "./outlook/index.ts";
import { nextDeliveryPerMille, type ProsumerBook } from "./prosumer/index.ts";

/** Readings older than this say nothing about the load of now: three of the longest usual intervals. */
const FRESH_MS = 45 * 60_000;

type HeartbeatContext = Given<"clock" | "devices" | "latestReading" | "aggregator"> & {
  prosumers: Pick<ProsumerBook, "stateOf">;
  outlooks: Pick<OutlookStore, "newest">;
};

/** Tells the aggregator that the node is there, and what it could reduce. */
export async function sendHeartbeat({ options, modules, prosumers, outlooks }: HeartbeatContext): Promise<void> {
  const nowUnixMs = modules.clock.nowUnixMs();
  let importW = 0;
  let reduceWMax = 0n;
  let reboundW = 0n;
  const devices = modules.devices();
  for (const { deviceId, resources } of devices) {
    const latest = modules.latestReading(deviceId);
    if (latest !== undefined && latest.measuredAtUnixMs > nowUnixMs - FRESH_MS) importW += latest.powerW;
    const resourcesW = sumOf(resources.map((resource) => resource.reduceWMax));
    const state = prosumers.stateOf(deviceId, resources);
    const reachableW = share(resourcesW, availabilityPerMille(state, new Date(nowUnixMs).getUTCHours()));
    const reliableW = share(reachableW, nextDeliveryPerMille(state.memory));
    reduceWMax += reliableW;
    reboundW += share(reliableW, Math.round(state.reboundPerMille.value));
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
