import { createHash } from "node:crypto";
import { availabilityPerMille, callShares, type ProsumerState, turnSurchargePerMille } from "@gridpact/flexibility";
import type { DrRequest } from "@gridpact/proto";
import type { CallableDevice, StepContext } from "../agent-modules.ts";
import type { Candidate } from "../document/index.ts";
import { deliverySpreadPerMille, nextDeliveryPerMille } from "../prosumer/index.ts";
import { busyDevices, eventDatesOf } from "./busy-devices.ts";
import { deviceBaseline, HISTORY_DAYS } from "./device-baseline.ts";
import { forecastEnergy, reducibleEnergy, standbyEnergy } from "./device-flexibility.ts";
import { type MeteredHistory, meteredHistory } from "./metered-history.ts";

/** Candidates of one event: as many baselines as one SC1 takes. */
export const CANDIDATES_MAX = 2_000;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Why a device was no candidate: it is sold elsewhere, beyond the bound, or could not be settled. */
export type PassedOver = { deviceId: string; reason: "busy" | "beyond_bound" | "no_forecast" | "no_baseline" };

/** Every free device with what is known of it, in order of ids: those chosen and those that may replace them. */
export async function findCandidates(
  request: DrRequest,
  context: StepContext,
): Promise<{ candidates: Candidate[]; passedOver: PassedOver[] }> {
  const busy = busyDevices(context.events.list(), request.intervals);
  const devices = [...context.modules.devices()].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  const free = devices.filter(({ deviceId }) => !busy.has(deviceId));
  const passedOver: PassedOver[] = [
    ...devices
      .filter(({ deviceId }) => busy.has(deviceId))
      .map(({ deviceId }) => ({ deviceId, reason: "busy" as const })),
    ...free.slice(CANDIDATES_MAX).map(({ deviceId }) => ({ deviceId, reason: "beyond_bound" as const })),
  ];
  const surcharges = surchargesOf(context);
  const candidates: Candidate[] = [];
  for (const device of free.slice(0, CANDIDATES_MAX)) {
    const { deviceId } = device;
    const found = await candidateFor(device, request, context);
    if (typeof found === "string") passedOver.push({ deviceId, reason: found });
    else candidates.push({ ...found, turnSurchargePerMille: surcharges.get(deviceId) ?? 0 });
  }
  return { candidates, passedOver };
}

function surchargesOf({ prosumers }: StepContext): Map<string, number> {
  return new Map(callShares(prosumers.list()).map((each) => [each.prosumerId, turnSurchargePerMille(each)]));
}

/** A reason for a device whose history does not carry a forecast or the baseline: it could not be settled. */
async function candidateFor(
  device: CallableDevice,
  request: DrRequest,
  { options, modules, events, prosumers, statements }: StepContext,
): Promise<Omit<Candidate, "turnSurchargePerMille"> | "no_forecast" | "no_baseline"> {
  const { deviceId, feeder, resources } = device;
  const { mtuMs, flexibilitySharePerMille } = options;
  const toUnixMs = Math.floor(modules.clock.nowUnixMs() / mtuMs) * mtuMs;
  const span = { fromUnixMs: toUnixMs - HISTORY_DAYS * DAY_MS, toUnixMs, mtuMs };
  const history = await meteredHistory(modules.evidence, deviceId, span);
  const forecastWh = forecastEnergy({ history, intervals: request.intervals });
  if (forecastWh === undefined) return "no_forecast";
  const eventDates = eventDatesOf(events.list(), deviceId);
  const baseline = deviceBaseline({ request, history, forecastWh, eventDates });
  if (baseline === undefined) return "no_baseline";
  const { baselineWh, localDates } = baseline;
  const load = { baselineWh, forecastWh, standbyWh: standbyEnergy(history), resources, mtuMs };
  const reducibleWh = reducibleEnergy({ ...load, sharePerMille: flexibilitySharePerMille });
  const state = prosumers.stateOf(deviceId, resources);
  return {
    deviceId,
    feeder,
    baselineWh,
    baselineDates: localDates,
    forecastWh,
    reducibleWh: statements.lowered(deviceId, request.intervals, reducibleWh),
    reliabilityPerMille: expectedPerMille(state, request),
    spreadPerMille: deliverySpreadPerMille(state.memory),
    historyHashHex: historyHash(history),
    dataUntilUnixMs: toUnixMs,
  };
}

/** What the matching policy expects of the device, in the hour of the event in which it is least often available. */
function expectedPerMille(state: ProsumerState, { intervals }: DrRequest): number {
  const available = intervals.map(({ startUnixMs }) => {
    return availabilityPerMille(state, Math.floor((startUnixMs % DAY_MS) / HOUR_MS));
  });
  return Math.floor((nextDeliveryPerMille(state.memory) * Math.min(1_000, ...available)) / 1_000);
}

function historyHash({ startUnixMs, mtuMs, netWh }: MeteredHistory): string {
  const text = `${startUnixMs}/${mtuMs}/${netWh.map((wh) => wh ?? "").join()}`;
  return createHash("sha256").update(text).digest("hex");
}
