import assert from "node:assert/strict";
import type { ContractErrorCode, TransactionArgument, TransactionName } from "../src/index.ts";
import type { Identity } from "./certificate.ts";
import type { Market } from "./market.ts";
import { Refusal } from "./memory-ledger.ts";

/** A transaction and who calls it. */
export type Call<N extends TransactionName> = { caller: Identity; name: N; argument: TransactionArgument<N> };

/** Asserts that a transaction is refused with a code, and that the state is as it was. */
export async function assertRefused<N extends TransactionName>(
  market: Market,
  { caller, name, argument }: Call<N>,
  code: ContractErrorCode,
): Promise<void> {
  const before = market.ledger.snapshot();
  const refusal = await market.submit(caller, name, argument).catch((error: unknown) => error);
  assert(refusal instanceof Refusal, `${name} was not refused`);
  assert.equal(refusal.code, code, refusal.message);
  assert.equal(market.ledger.snapshot(), before, `${name} was refused and changed the state`);
}
