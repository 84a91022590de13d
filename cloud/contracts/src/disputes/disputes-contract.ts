import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { CLOSE_DISPUTE, closeDispute, RELEASE, RULE, release, rule } from "./close.ts";
import { GET_DISPUTE, OPEN_DISPUTE, openDispute, readDispute, SUBMIT_EVIDENCE, submitEvidence } from "./open.ts";

/** Disputes about settlements, and the money held back for them. fabric-shim takes every method as a transaction. */
export class DisputesContract extends Contract {
  constructor() {
    super("disputes");
  }

  Open(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, OPEN_DISPUTE, openDispute);
  }

  SubmitEvidence(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SUBMIT_EVIDENCE, submitEvidence);
  }

  Rule(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RULE, rule);
  }

  Close(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, CLOSE_DISPUTE, closeDispute);
  }

  Release(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RELEASE, release);
  }

  GetDispute(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_DISPUTE, readDispute);
  }
}
