import type { ProsumerState } from "@gridpact/flexibility";
import type { ClusterGuidance, ProsumerSummary } from "@gridpact/proto";
import { sumOf } from "@gridpact/settlement";
import type { CallableDevice, Given } from "./agent-host.ts";
import type { ProsumerBook } from "./prosumer/index.ts";

/** Prosumers in one message: some hundred kilobytes with a full memory of events. */
export const DESCRIBED_AT_ONCE_MAX = 100;

type DescribeContext = Given<"devices" | "aggregator"> & { prosumers: Pick<ProsumerBook, "find"> };

/** Tells the aggregator what it needs for clusters: days, capacity and past events of each prosumer. */
export class ProsumerReporter {
  /** What each was described as last, so that only news is sent; a restart describes all again. */
  readonly #described = new Map<string, ProsumerState>();

  #guidance: ClusterGuidance | undefined;

  /** What the aggregator last answered; undefined before it has. */
  guidance(): ClusterGuidance | undefined {
    return this.#guidance;
  }

  async step({ options, modules, prosumers }: DescribeContext): Promise<void> {
    const news = modules.devices().flatMap((device) => {
      const state = prosumers.find(device.deviceId);
      const isNew = state !== undefined && state.profile !== null && this.#described.get(device.deviceId) !== state;
      return isNew ? [{ device, state }] : [];
    });
    const page = news.slice(0, DESCRIBED_AT_ONCE_MAX);
    if (page.length === 0) return;
    const summaries = page.map(({ device, state }) => summaryOf(device, state, options.contractType));
    this.#guidance = await modules.aggregator.describe(options.vnId, summaries);
    for (const { device, state } of page) this.#described.set(device.deviceId, state);
  }
}

function summaryOf(
  { feeder, resources }: CallableDevice,
  { prosumerId, profile, traces }: ProsumerState,
  contractType: string,
): ProsumerSummary {
  return {
    prosumerId,
    feeder,
    contractType,
    capacityW: Number(sumOf(resources.map(({ reduceWMax }) => reduceWMax))),
    dayW: [...(profile?.workdayW ?? []), ...(profile?.restdayW ?? [])],
    // Whole W: what goes over the wire is integers, of which -0 is none.
    wattPerKelvin: profile?.wattPerKelvin == null ? null : Math.round(profile.wattPerKelvin) + 0,
    events: traces
      .filter(({ orderedWh }) => orderedWh > 0)
      .map(({ eventId, startUnixMs, orderedWh, deliveredWh }) => ({
        eventId,
        startUnixMs,
        promisedWh: orderedWh,
        deliveredWh,
      })),
  };
}
