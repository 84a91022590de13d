import { type HistoryBaseline, type HistoryInput, highXofY, tenInTen } from "./history-baseline.ts";
import { meterBeforeAfter, type SurroundingEnergy } from "./meter-before-after.ts";
import { nominated } from "./nominated.ts";

/** The methods a contract may name in `baselineMethod`. */
export const BASELINE_METHODS = ["tenInTen", "highXofY", "meterBeforeAfter", "nominated"] as const;

/** As SC1 terms name it; requests on the wire have names of their own (`proto/src/dr-request.ts`). */
export type BaselineMethod = (typeof BASELINE_METHODS)[number];

/** One method with its evidence. `highXofY` by name alone means `DEFAULT_HIGH_DAYS`. */
export type BaselineRequest =
  | { readonly method: "tenInTen" | "highXofY"; readonly input: HistoryInput }
  | { readonly method: "meterBeforeAfter"; readonly surrounding: SurroundingEnergy; readonly windowLength: number }
  | { readonly method: "nominated"; readonly nominatedWh: readonly bigint[]; readonly windowLength: number };

/** Tells whether a text from a contract names a method. */
export function isBaselineMethod(text: string): text is BaselineMethod {
  return BASELINE_METHODS.some((method) => method === text);
}

/**
 * Computes a baseline by the method a contract names: the virtual node before the event, the auditor after it.
 * Methods without history return no dates and no adjustment baseline.
 *
 * @throws InsufficientHistoryError, InvalidTermsError as the method does
 */
export function computeBaseline(request: BaselineRequest): HistoryBaseline {
  switch (request.method) {
    case "tenInTen":
      return tenInTen(request.input);
    case "highXofY":
      return highXofY(request.input);
    case "meterBeforeAfter":
      return withoutHistory(meterBeforeAfter(request.surrounding, request.windowLength));
    case "nominated":
      return withoutHistory(nominated(request.nominatedWh, request.windowLength));
  }
}

function withoutHistory(baselineWh: bigint[]): HistoryBaseline {
  return { baselineWh, adjustmentBaselineWh: [], localDates: [] };
}
