import type { DrRequest } from "@gridpact/proto";
import type { CallableDevice, StepContext } from "../agent-modules.ts";
import type { Candidate } from "../document/index.ts";
import { busyDevices, eventDatesOf } from "./busy-devices.ts";
import { deviceBaseline, HISTORY_DAYS } from "./device-baseline.ts";
import { forecastEnergy, reducibleEnergy, standbyEnergy } from "./device-flexibility.ts";
import { meteredHistory } from "./metered-history.ts";

/** Candidates of one event: as many baselines as one SC1 takes. */
export const CANDIDATES_MAX = 2_000;

const DAY_MS = 86_400_000;

/** Every free device with what is known of it, in order of ids: those chosen and those that may replace them. */
export async function findCandidates(request: DrRequest, context: StepContext): Promise<Candidate[]> {
  const busy = busyDevices(context.events.list(), request.intervals);
  const devices = [...context.modules.devices()]
    .filter(({ deviceId }) => !busy.has(deviceId))
    .sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1))
    .slice(0, CANDIDATES_MAX);
  const candidates: Candidate[] = [];
  for (const device of devices) {
    const candidate = await candidateFor(device, request, context);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return candidates;
}

/** Undefined for a device whose history does not carry a forecast or the baseline: it could not be settled. */
async function candidateFor(
  device: CallableDevice,
  request: DrRequest,
  { options, modules, events, reliability, statements }: StepContext,
): Promise<Candidate | undefined> {
  const { deviceId, feeder, resources } = device;
  const { mtuMs, flexibilitySharePerMille } = options;
  const toUnixMs = Math.floor(modules.clock.nowUnixMs() / mtuMs) * mtuMs;
  const span = { fromUnixMs: toUnixMs - HISTORY_DAYS * DAY_MS, toUnixMs, mtuMs };
  const history = await meteredHistory(modules.evidence, deviceId, span);
  const forecastWh = forecastEnergy({ history, intervals: request.intervals });
  if (forecastWh === undefined) return undefined;
  const eventDates = eventDatesOf(events.list(), deviceId);
  const baseline = deviceBaseline({ request, history, forecastWh, eventDates });
  if (baseline === undefined) return undefined;
  const { baselineWh, localDates } = baseline;
  const load = { baselineWh, forecastWh, standbyWh: standbyEnergy(history), resources, mtuMs };
  const reducibleWh = reducibleEnergy({ ...load, sharePerMille: flexibilitySharePerMille });
  return {
    deviceId,
    feeder,
    baselineWh,
    baselineDates: localDates,
    forecastWh,
    reducibleWh: statements.lowered(deviceId, request.intervals, reducibleWh),
    reliabilityPerMille: reliability.perMilleOf(deviceId),
  };
}
