import { NotCanonicalError, parseCanonicalJson } from "@gridpact/settlement";
import { ContractError, demand } from "../contract-error.ts";
import { readShape, type Shape } from "./shape.ts";

/**
 * The largest argument: a batch of settlements with a page of evidence each needs about 1 MB, and an orderer's
 * `AbsoluteMaxBytes` is 10 MB by default. Checked before anything is parsed.
 */
export const ARGUMENT_CHARS_MAX = 8_388_608;

/** Faults listed in one refusal; whoever makes more of them has sent something else altogether. */
const FAULTS_LISTED_MAX = 50;

/**
 * Reads canonical JSON of a shape, from the argument of a transaction or from its private input.
 *
 * @throws ContractError ARGUMENT_INVALID, with the faults in its text
 */
export function readArgument<A>(text: string, shape: Shape<A>): A {
  demand(text.length <= ARGUMENT_CHARS_MAX, "ARGUMENT_INVALID", () => `over ${ARGUMENT_CHARS_MAX} characters`);
  const reading = readShape(shape, parseArgument(text));
  if (reading.ok) return reading.value;
  const listed = reading.faults.slice(0, FAULTS_LISTED_MAX);
  const more = reading.faults.length - listed.length;
  throw new ContractError("ARGUMENT_INVALID", listed.join("; ") + (more > 0 ? `; and ${more} more` : ""));
}

function parseArgument(text: string) {
  try {
    return parseCanonicalJson(text);
  } catch (cause) {
    if (!(cause instanceof NotCanonicalError)) throw cause;
    throw new ContractError("ARGUMENT_INVALID", cause.message, { cause });
  }
}
