import { checkLength } from "../integer.ts";

/**
 * The baseline the provider itself committed before the event, taken as it is: its truth is checked by the programme
 * (nominations against actuals on days without events), not by arithmetic.
 *
 * @throws InvalidTermsError unless there is one value for each unit
 */
export function nominated(nominatedWh: readonly bigint[], windowLength: number): bigint[] {
  checkLength("nominatedWh", nominatedWh, windowLength);
  return [...nominatedWh];
}
