import { InvalidInputError } from "../flexibility-error.ts";

/** @throws InvalidInputError unless there is one non-negative amount for each unit */
export function checkAmounts(field: string, amountsWh: readonly bigint[], unitCount: number): void {
  if (amountsWh.length !== unitCount) {
    throw new InvalidInputError(field, `needs ${unitCount} values, has ${amountsWh.length}`);
  }
  if (amountsWh.some((amountWh) => amountWh < 0n)) throw new InvalidInputError(field, "must not be negative");
}

/** @throws InvalidInputError when an id occurs twice */
export function checkDistinct(field: string, ids: readonly string[]): void {
  if (new Set(ids).size !== ids.length) throw new InvalidInputError(field, "is listed twice");
}

/** The least of several amounts; `Math.min` does not take bigint. */
export function leastOf(first: bigint, ...others: readonly bigint[]): bigint {
  let least = first;
  for (const each of others) {
    if (each < least) least = each;
  }
  return least;
}
