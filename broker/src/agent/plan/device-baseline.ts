import { daySelection, HISTORY_DAYS } from "@gridpact/ledger/receipts";
import type { DrRequest } from "@gridpact/proto";
import { type BaselineRequest, computeBaseline, InsufficientHistoryError } from "@gridpact/settlement";
import { daysBefore, type MeteredHistory } from "./metered-history.ts";

/** Units before the plan that "meter before" averages: one hour of quarters smooths single appliances. */
export const METER_BEFORE_UNITS = 4;

/** What a baseline follows from: whoever has the receipt has all of it, and computes the same. */
export type BaselineSources = {
  request: DrRequest;
  history: MeteredHistory;
  /** Net import expected in each interval of the event; what a nominated baseline states. */
  forecastWh: readonly bigint[];
  /** Earlier event days of the device, `YYYY-MM-DD`. */
  eventDates: readonly string[];
};

/** A baseline with the days that it was chosen from, newest first; none for methods without history. */
export type DeviceBaseline = { baselineWh: bigint[]; localDates: string[] };

/** The device's baseline by the method that the request names; undefined when its history does not suffice. */
export function deviceBaseline(sources: BaselineSources): DeviceBaseline | undefined {
  try {
    const request = baselineRequest(sources);
    const { baselineWh, localDates } = computeBaseline(request);
    if (request.method !== "highXofY") return { baselineWh, localDates };
    // Whoever checks the choice of the highest days needs those that were not chosen as well.
    return { baselineWh, localDates: computeBaseline({ method: "tenInTen", input: request.input }).localDates };
  } catch (error) {
    if (error instanceof InsufficientHistoryError) return undefined;
    throw error;
  }
}

function baselineRequest({ request, history, forecastWh, eventDates }: BaselineSources): BaselineRequest {
  const windowLength = request.intervals.length;
  switch (request.baselineMethod) {
    case "tenInTen":
    case "highFiveOfTen": {
      const selection = daySelection(request, eventDates);
      const input = { history: daysBefore(history, request.intervals, HISTORY_DAYS), selection, windowLength };
      return { method: request.baselineMethod === "tenInTen" ? "tenInTen" : "highXofY", input };
    }
    case "meterBefore":
      return {
        method: "meterBeforeAfter",
        surrounding: { beforeWh: history.netWh.slice(-METER_BEFORE_UNITS) },
        windowLength,
      };
    case "nominated":
      return { method: "nominated", nominatedWh: forecastWh, windowLength };
  }
}
