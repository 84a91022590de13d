import { InvariantBrokenError } from "./settlement-error.ts";

/**
 * Asserts a law of the settlement itself. This stands in for `node:assert`, which a browser does not have.
 * It MUST NOT be used for input: input faults are `InvalidTermsError`.
 */
export function assertInvariant(holds: boolean, law: string): asserts holds {
  if (!holds) throw new InvariantBrokenError(law);
}
