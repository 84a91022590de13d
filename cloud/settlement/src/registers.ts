import { InvalidTermsError } from "./settlement-error.ts";

/** Both cumulative energy registers of a meter at one instant, as signed in a reading. */
export type RegisterValues = { readonly importWh: bigint; readonly exportWh: bigint };

/**
 * Net import of each interval, from the registers at its boundaries: (import diff) - (export diff), so net export
 * is negative. `n` boundaries give `n - 1` intervals. An interval is `null`, that is without evidence, when a boundary
 * is missing or a register ran backwards (a replaced or reset meter: its difference would be fiction).
 *
 * @throws InvalidTermsError with fewer than two boundaries
 */
export function netImportWh(boundaries: readonly (RegisterValues | null)[]): (bigint | null)[] {
  if (boundaries.length < 2) throw new InvalidTermsError("boundaries", "at least two are needed");
  return boundaries.slice(1).map((end, index) => differenceWh(boundaries[index] ?? null, end));
}

function differenceWh(start: RegisterValues | null, end: RegisterValues | null): bigint | null {
  if (start === null || end === null) return null;
  const importWh = end.importWh - start.importWh;
  const exportWh = end.exportWh - start.exportWh;
  if (importWh < 0n || exportWh < 0n) return null;
  return importWh - exportWh;
}
