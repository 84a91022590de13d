import { divideRounded, sumOf } from "../integer.ts";
import { InsufficientHistoryError, InvalidTermsError } from "../settlement-error.ts";

/** Net import of the units around an event; `null` marks a unit without readings. */
export type SurroundingEnergy = {
  readonly beforeWh: readonly (bigint | null)[];
  /** Left out when the method is "meter before" alone. */
  readonly afterWh?: readonly (bigint | null)[];
};

/**
 * Meter before (and after): every unit of the event gets the mean of the given units around it, rounded half away from
 * zero. Units without readings are left out of the mean, but each given side needs at least one. The values are known
 * only when the event runs or is over, so what is committed before it is the method and its windows, not the numbers.
 *
 * @throws InsufficientHistoryError when a given side has no value; InvalidTermsError for a window length below 1
 */
export function meterBeforeAfter({ beforeWh, afterWh }: SurroundingEnergy, windowLength: number): bigint[] {
  if (!Number.isSafeInteger(windowLength) || windowLength < 1) {
    throw new InvalidTermsError("windowLength", "must be a positive integer");
  }
  const after = afterWh === undefined ? [] : presentValues("units after the event", afterWh);
  const values = [...presentValues("units before the event", beforeWh), ...after];
  const meanWh = divideRounded(sumOf(values), BigInt(values.length));
  return Array.from({ length: windowLength }, () => meanWh);
}

function presentValues(what: string, valuesWh: readonly (bigint | null)[]): bigint[] {
  const present = valuesWh.filter((value) => value !== null);
  if (present.length === 0) throw new InsufficientHistoryError(what, { required: 1, found: 0 });
  return present;
}
