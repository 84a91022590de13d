import { canonicalJson, NotCanonicalError, parseCanonicalJson, SettlementError } from "@gridpact/settlement";
import type { Context } from "fabric-contract-api";
import { ContractError, demand } from "../contract-error.ts";
import type { TransactionName } from "./access.ts";
import { readShape, type Shape } from "./shape.ts";
import { Transaction } from "./transaction.ts";

/** What a transaction takes and gives. */
export type TransactionSpec<N extends TransactionName, A, R> = {
  readonly name: N;
  readonly argument: Shape<A>;
  readonly result: Shape<R>;
};

/** Writes a spec down with its types inferred. */
export function defineTransaction<const N extends TransactionName, A, R>(
  spec: TransactionSpec<N, A, R>,
): TransactionSpec<N, A, R> {
  return spec;
}

/**
 * The largest argument: a batch of settlements with a page of evidence each needs about 1 MB, and an orderer's
 * `AbsoluteMaxBytes` is 10 MB by default. Checked before anything is parsed.
 */
export const ARGUMENT_CHARS_MAX = 8_388_608;

/** Faults listed in one refusal; whoever makes more of them has sent something else altogether. */
const FAULTS_LISTED_MAX = 50;

/**
 * Runs one transaction: identity and role, then the argument, then `act`, then the writes. Whatever is refused leaves
 * the state as it was. The result is canonical JSON, so that every endorser returns the same bytes.
 *
 * @throws ContractError with a stable code; anything else is a bug of these contracts
 */
export async function transact<N extends TransactionName, A, R>(
  { context, argument }: { context: Context; argument: string },
  spec: TransactionSpec<N, A, R>,
  act: (transaction: Transaction, argument: A) => Promise<R>,
): Promise<string> {
  try {
    const transaction = new Transaction(context, spec.name);
    const result = await act(transaction, readArgument(argument, spec.argument));
    await transaction.commit();
    return canonicalJson(result);
  } catch (error) {
    throw asContractError(error);
  }
}

function readArgument<A>(text: string, shape: Shape<A>): A {
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

/** Terms that the settlement rules refuse are the caller's fault; a broken invariant of theirs is not, and stays. */
function asContractError(error: unknown): unknown {
  if (!(error instanceof SettlementError) || error.code === "SETTLEMENT_INVARIANT_BROKEN") return error;
  return new ContractError("TERMS_INVALID", error.message, { cause: error });
}
