import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { BILL, bill } from "./bill.ts";
import {
  GET_CLAIM,
  GET_SUSPENSION,
  PAY_CLAIM,
  payClaim,
  readClaim,
  readSuspension,
  SUSPEND_DEBTOR,
  suspendDebtor,
} from "./claim.ts";

/** What parties owe each other beyond contracts. fabric-shim takes every method as a transaction. */
export class ClaimsContract extends Contract {
  constructor() {
    super("claims");
  }

  Bill(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, BILL, bill);
  }

  Pay(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, PAY_CLAIM, payClaim);
  }

  Suspend(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SUSPEND_DEBTOR, suspendDebtor);
  }

  GetClaim(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_CLAIM, readClaim);
  }

  GetSuspension(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SUSPENSION, readSuspension);
  }
}
