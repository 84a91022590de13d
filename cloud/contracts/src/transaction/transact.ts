import { canonicalJson, SettlementError } from "@gridpact/settlement";
import type { Context } from "fabric-contract-api";
import { ContractError } from "../contract-error.ts";
import type { TransactionName } from "./access.ts";
import { readArgument } from "./read-argument.ts";
import type { Shape } from "./shape.ts";
import { Transaction } from "./transaction.ts";
import { verifiedTogether } from "./verified-together.ts";
import { verifierOf } from "./verifying-context.ts";

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
    const { transaction, result } = await verifiedTogether(verifierOf(context), async (verify) => {
      const transaction = new Transaction(context, spec.name, verify);
      return { transaction, result: await act(transaction, readArgument(argument, spec.argument)) };
    });
    await transaction.commit();
    return canonicalJson(result);
  } catch (error) {
    throw asContractError(error);
  }
}

/** Terms that the settlement rules refuse are the caller's fault; a broken invariant of theirs is not, and stays. */
function asContractError(error: unknown): unknown {
  if (!(error instanceof SettlementError) || error.code === "SETTLEMENT_INVARIANT_BROKEN") return error;
  return new ContractError("TERMS_INVALID", error.message, { cause: error });
}
