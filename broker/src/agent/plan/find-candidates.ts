import { availabilityPerMille, callShares, type ProsumerState, turnSurchargePerMille } from "@gridpact/flexibility";
import { HISTORY_DAYS } from "@gridpact/ledger/receipts";
import type { DrRequest } from "@gridpact/proto";
import type { Incentive } from "@gridpact/settlement";
import { DAY_MS, HOUR_MS } from "../../time-spans.ts";
import type { CallableDevice } from "../agent-host.ts";
import { devicePrice, payForKwh } from "../contract/index.ts";
import type { Candidate, EventDocument } from "../document/index.ts";
import { deliverySpreadPerMille, nextDeliveryPerMille } from "../prosumer/index.ts";
import { busyDevices, eventDatesOf } from "./busy-devices.ts";
import { deviceBaseline } from "./device-baseline.ts";
import {
  energyIn,
  energyLimitOf,
  forecastEnergy,
  reducibleEnergy,
  reduciblePower,
  standbyEnergy,
} from "./device-flexibility.ts";
import { historyHash, type MeteredHistory, meanPowersW, meteredHistory } from "./metered-history.ts";
import type { PlanContext } from "./plan-context.ts";

/** Candidates of one event: as many baselines as one SC1 takes. */
export const CANDIDATES_MAX = 2_000;

/** Work of one device: its history and baseline, and five times as much where it has to be forecast as well. */
const LOOK_UNITS = 1;
const FORECAST_UNITS = 5;

/** Why a device was no candidate: it is sold elsewhere, beyond a bound, or could not be settled. */
export type PassedOver = {
  deviceId: string;
  reason: "busy" | "beyond_bound" | "no_forecast" | "no_baseline" | "no_time";
};

/** What all candidates of a request have in common, however long the search for them takes. */
export type CandidateSearch = {
  request: DrRequest;
  /** What the node's programme pays for. */
  incentive: Incentive;
  /** No reading after this counts. */
  dataUntilUnixMs: number;
  surcharges: ReadonlyMap<string, number>;
};

/** The search for a request that has come: free devices in order of ids, and who is passed over from the start. */
export function searchFor(
  {
    request,
    plannedAtUnixMs,
    incentive,
  }: Pick<EventDocument, "request" | "plannedAtUnixMs"> & { incentive: Incentive },
  { options, modules, events, prosumers }: PlanContext,
): CandidateSearch & { waiting: CallableDevice[]; passedOver: PassedOver[] } {
  const busy = busyDevices(events.list(), request.intervals);
  const devices = [...modules.devices()].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
  const free = devices.filter(({ deviceId }) => !busy.has(deviceId));
  return {
    request,
    incentive,
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
export function unitsFor({ deviceId }: CallableDevice, { request }: CandidateSearch, context: PlanContext): number {
  const all = [...request.intervals, ...intervalsAfter(request, context)];
  const isKept = context.forecaster.covering(deviceId, all, context) !== undefined;
  return isKept ? LOOK_UNITS : FORECAST_UNITS;
}

/** A reason for a device whose history does not carry a forecast or the baseline: it could not be settled. */
export async function candidateFor(
  device: CallableDevice,
  search: CandidateSearch,
  context: PlanContext,
): Promise<Candidate | "no_forecast" | "no_baseline"> {
  const { deviceId, feeder } = device;
  const { request, incentive, dataUntilUnixMs, surcharges } = search;
  const { options, modules, events, prosumers, statements, balance } = context;
  const { mtuMs, flexibilitySharePerMille } = options;
  const resources = balance.available(device, request.intervals);
  const span = { fromUnixMs: dataUntilUnixMs - HISTORY_DAYS * DAY_MS, toUnixMs: dataUntilUnixMs, mtuMs };
  const history = await meteredHistory(modules.evidence, deviceId, span);
  const expected = expectedOf(deviceId, history, search, context);
  if (expected === undefined) return "no_forecast";
  const { afterWh, ...forecast } = expected;
  const { forecastWh } = forecast;
  const eventDates = eventDatesOf(events.list(), deviceId);
  const baseline = deviceBaseline({ request, history, forecastWh, eventDates });
  if (baseline === undefined) return "no_baseline";
  const { baselineWh, localDates } = baseline;
  const sharePerMille = flexibilitySharePerMille;
  const load = { baselineWh, forecastWh, standbyWh: standbyEnergy(history), resources, mtuMs, sharePerMille };
  const stated = (reducibleWh: readonly bigint[]) => statements.lowered(deviceId, request.intervals, reducibleWh);
  const state = prosumers.stateOf(deviceId, device.resources);
  const priceMicroPerWh = devicePrice(device, request, options);
  return {
    deviceId,
    feeder,
    baselineWh,
    baselineDates: localDates,
    ...forecast,
    reducibleWh: stated(reducibleEnergy(load)),
    reliabilityPerMille: expectedPerMille(state, request),
    spreadPerMille: deliverySpreadPerMille(state.memory),
    turnSurchargePerMille: surcharges.get(deviceId) ?? 0,
    offer: {
      priceMicroPerWh,
      kwhPayMicro: payForKwh(priceMicroPerWh, incentive),
      intervalLimitWh: stated(reduciblePower(load)),
      energyLimitWh: energyLimitOf(resources) ?? null,
      reboundPerMille: Math.round(state.reboundPerMille.value),
      afterWh,
    },
  };
}

type Expected = Pick<Candidate, "forecastWh" | "historyHashHex" | "dataUntilUnixMs"> & { afterWh: bigint[] };

/** By the forecast that is kept; by one made now where none covers the event. Undefined without any history. */
function expectedOf(
  deviceId: string,
  history: MeteredHistory,
  { request, dataUntilUnixMs }: CandidateSearch,
  context: PlanContext,
): Expected | undefined {
  const all = [...request.intervals, ...intervalsAfter(request, context)];
  const split = (wh: bigint[]) => ({
    forecastWh: wh.slice(0, request.intervals.length),
    afterWh: wh.slice(request.intervals.length),
  });
  const kept = context.forecaster.covering(deviceId, all, context);
  if (kept !== undefined) {
    const { forecast, inputHashHex } = kept;
    return { ...split(energyIn(all, forecast)), historyHashHex: inputHashHex, dataUntilUnixMs: kept.dataUntilUnixMs };
  }
  const energyWh = forecastEnergy({ history, intervals: all });
  return energyWh && { ...split(energyWh), historyHashHex: historyHash(meanPowersW(history)), dataUntilUnixMs };
}

/** The market time units after the event in which devices catch up on what they left out. */
function intervalsAfter({ intervals }: DrRequest, { options }: PlanContext): DrRequest["intervals"] {
  const { mtuMs, reboundMs } = options;
  const endUnixMs = intervals.at(-1)?.endUnixMs ?? 0;
  return Array.from({ length: Math.floor(reboundMs / mtuMs) }, (_, index) => ({
    startUnixMs: endUnixMs + index * mtuMs,
    endUnixMs: endUnixMs + (index + 1) * mtuMs,
  }));
}

/** What the matching policy expects of the device, in the hour of the event in which it is least often available. */
function expectedPerMille(state: ProsumerState, { intervals }: DrRequest): number {
  const available = intervals.map(({ startUnixMs }) => {
    return availabilityPerMille(state, Math.floor((startUnixMs % DAY_MS) / HOUR_MS));
  });
  return Math.floor((nextDeliveryPerMille(state.memory) * Math.min(1_000, ...available)) / 1_000);
}
