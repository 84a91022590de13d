import { availabilityPerMille, callShares, type ProsumerState, turnSurchargePerMille } from "@gridpact/flexibility";
import { HISTORY_DAYS } from "@gridpact/ledger/receipts";
import type { DrRequest } from "@gridpact/proto";
import type { CallableDevice, StepContext } from "../agent-modules.ts";
import type { Candidate, EventDocument } from "../document/index.ts";
import { deliverySpreadPerMille, nextDeliveryPerMille } from "../prosumer/index.ts";
import { busyDevices, eventDatesOf } from "./busy-devices.ts";
import { deviceBaseline } from "./device-baseline.ts";
import { energyIn, forecastEnergy, reducibleEnergy, standbyEnergy } from "./device-flexibility.ts";
import { historyHash, type MeteredHistory, meanPowersW, meteredHistory } from "./metered-history.ts";

/** Candidates of one event: as many baselines as one SC1 takes. */
export const CANDIDATES_MAX = 2_000;

/** Work of one device: its history and baseline, and five times as much where it has to be forecast as well. */
const LOOK_UNITS = 1;
const FORECAST_UNITS = 5;

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Why a device was no candidate: it is sold elsewhere, beyond a bound, or could not be settled. */
export type PassedOver = {
  deviceId: string;
  reason: "busy" | "beyond_bound" | "no_forecast" | "no_baseline" | "no_time";
};

/** What all candidates of a request have in common, however long the search for them takes. */
export type CandidateSearch = {
  request: DrRequest;
  /** No reading after this counts. */
  dataUntilUnixMs: number;
  surcharges: ReadonlyMap<string, number>;
};

/** The search for a request that has come: free devices in order of ids, and who is passed over from the start. */
export function searchFor(
  { request, plannedAtUnixMs }: Pick<EventDocument, "request" | "plannedAtUnixMs">,
  { options, modules, events, prosumers }: StepContext,
): CandidateSearch & { waiting: CallableDevice[]; passedOver: PassedOver[] } {
  const busy = busyDevices(events.list(), request.intervals);
  const devices = [...modules.devices()].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  const free = devices.filter(({ deviceId }) => !busy.has(deviceId));
  return {
    request,
    dataUntilUnixMs: Math.floor(plannedAtUnixMs / options.mtuMs) * options.mtuMs,
    surcharges: new Map(callShares(prosumers.list()).map((each) => [each.prosumerId, turnSurchargePerMille(each)])),
    waiting: free.slice(0, CANDIDATES_MAX),
    passedOver: [
      ...devices
        .filter(({ deviceId }) => busy.has(deviceId))
        .map(({ deviceId }) => ({ deviceId, reason: "busy" as const })),
      ...free.slice(CANDIDATES_MAX).map(({ deviceId }) => ({ deviceId, reason: "beyond_bound" as const })),
    ],
  };
}

/** Work of looking at a device. */
export function unitsFor({ deviceId }: CallableDevice, { request }: CandidateSearch, context: StepContext): number {
  const isKept = context.forecaster.covering(deviceId, request.intervals, context) !== undefined;
  return isKept ? LOOK_UNITS : FORECAST_UNITS;
}

/** A reason for a device whose history does not carry a forecast or the baseline: it could not be settled. */
export async function candidateFor(
  device: CallableDevice,
  search: CandidateSearch,
  context: StepContext,
): Promise<Candidate | "no_forecast" | "no_baseline"> {
  const { deviceId, feeder } = device;
  const { request, dataUntilUnixMs, surcharges } = search;
  const { options, modules, events, prosumers, statements, balance } = context;
  const { mtuMs, flexibilitySharePerMille } = options;
  const resources = balance.available(device, request.intervals);
  const span = { fromUnixMs: dataUntilUnixMs - HISTORY_DAYS * DAY_MS, toUnixMs: dataUntilUnixMs, mtuMs };
  const history = await meteredHistory(modules.evidence, deviceId, span);
  const expected = expectedOf(deviceId, history, search, context);
  if (expected === undefined) return "no_forecast";
  const { forecastWh } = expected;
  const eventDates = eventDatesOf(events.list(), deviceId);
  const baseline = deviceBaseline({ request, history, forecastWh, eventDates });
  if (baseline === undefined) return "no_baseline";
  const { baselineWh, localDates } = baseline;
  const load = { baselineWh, forecastWh, standbyWh: standbyEnergy(history), resources, mtuMs };
  const reducibleWh = reducibleEnergy({ ...load, sharePerMille: flexibilitySharePerMille });
  const state = prosumers.stateOf(deviceId, device.resources);
  return {
    deviceId,
    feeder,
    baselineWh,
    baselineDates: localDates,
    ...expected,
    reducibleWh: statements.lowered(deviceId, request.intervals, reducibleWh),
    reliabilityPerMille: expectedPerMille(state, request),
    spreadPerMille: deliverySpreadPerMille(state.memory),
    turnSurchargePerMille: surcharges.get(deviceId) ?? 0,
  };
}

type Expected = Pick<Candidate, "forecastWh" | "historyHashHex" | "dataUntilUnixMs">;

/** By the forecast that is kept; by one made now where none covers the event. Undefined without any history. */
function expectedOf(
  deviceId: string,
  history: MeteredHistory,
  { request, dataUntilUnixMs }: CandidateSearch,
  context: StepContext,
): Expected | undefined {
  const { intervals } = request;
  const kept = context.forecaster.covering(deviceId, intervals, context);
  if (kept !== undefined) {
    const { forecast, inputHashHex } = kept;
    const forecastWh = energyIn(intervals, forecast);
    return { forecastWh, historyHashHex: inputHashHex, dataUntilUnixMs: kept.dataUntilUnixMs };
  }
  const forecastWh = forecastEnergy({ history, intervals });
  return forecastWh && { forecastWh, historyHashHex: historyHash(meanPowersW(history)), dataUntilUnixMs };
}

/** What the matching policy expects of the device, in the hour of the event in which it is least often available. */
function expectedPerMille(state: ProsumerState, { intervals }: DrRequest): number {
  const available = intervals.map(({ startUnixMs }) => {
    return availabilityPerMille(state, Math.floor((startUnixMs % DAY_MS) / HOUR_MS));
  });
  return Math.floor((nextDeliveryPerMille(state.memory) * Math.min(1_000, ...available)) / 1_000);
}
