import { strict as assert } from "node:assert";
import { LedgerError } from "../src/index.ts";

/** That the contract, or the ledger before it, said no for good and with a code that callers can act on. */
export async function assertRefused(act: Promise<unknown>, code?: string | RegExp): Promise<void> {
  const error = await act.then(
    () => assert.fail("nobody refused it"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof LedgerError && error.isRefusal, String(error));
  if (typeof code === "string") assert.equal(error.contractCode, code);
  else if (code !== undefined) assert.match(error.contractCode ?? "", code);
}
