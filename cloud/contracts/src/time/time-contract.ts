import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { ATTEST_INSTANT, attestInstant, GET_INSTANT, readInstant } from "./attested-instant.ts";

/** What the organisations say about time. fabric-shim takes every method as a transaction. */
export class TimeContract extends Contract {
  constructor() {
    super("time");
  }

  AttestInstant(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ATTEST_INSTANT, attestInstant);
  }

  GetInstant(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_INSTANT, readInstant);
  }
}
