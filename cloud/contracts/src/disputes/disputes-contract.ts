import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { CLOSE_DISPUTE, closeDispute, RELEASE, RULE, release, rule } from "./close.ts";
import { GET_DISPUTE, OPEN_DISPUTE, openDispute, readDispute, SUBMIT_EVIDENCE, submitEvidence } from "./open.ts";
import { CLOSE_SC1_DISPUTE, closeSc1Dispute, RELEASE_SC1, RULE_SC1, releaseSc1, ruleSc1 } from "./sc1-close.ts";
import { GET_SC1_DISPUTE, OPEN_SC1_DISPUTE, openSc1Dispute, readSc1Dispute, SUM_ANEW, sumAnew } from "./sc1-open.ts";

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

  OpenSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, OPEN_SC1_DISPUTE, openSc1Dispute);
  }

  SumAnew(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SUM_ANEW, sumAnew);
  }

  RuleSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RULE_SC1, ruleSc1);
  }

  CloseSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, CLOSE_SC1_DISPUTE, closeSc1Dispute);
  }

  ReleaseSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RELEASE_SC1, releaseSc1);
  }

  GetSc1Dispute(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SC1_DISPUTE, readSc1Dispute);
  }

  GetDispute(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_DISPUTE, readDispute);
  }
}
