import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import {
  ACCEPT_HEDGE,
  acceptHedge,
  GET_HEDGE,
  OFFER_HEDGE,
  offerHedge,
  readHedge,
  SETTLE_HEDGE,
  settleOpenHedge,
  VOID_HEDGE,
  voidHedge,
  WITHDRAW_HEDGE,
  withdrawHedge,
} from "./hedge.ts";
import { GET_INDEX, PUBLISH_INDEX, publishIndex, readIndex } from "./price-index.ts";

/** Price risk between two parties, and the index it is settled by. fabric-shim takes every method as a transaction. */
export class HedgesContract extends Contract {
  constructor() {
    super("hedges");
  }

  PublishIndex(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, PUBLISH_INDEX, publishIndex);
  }

  GetIndex(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_INDEX, readIndex);
  }

  Offer(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, OFFER_HEDGE, offerHedge);
  }

  Accept(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ACCEPT_HEDGE, acceptHedge);
  }

  Withdraw(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, WITHDRAW_HEDGE, withdrawHedge);
  }

  Settle(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SETTLE_HEDGE, settleOpenHedge);
  }

  Void(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, VOID_HEDGE, voidHedge);
  }

  GetHedge(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_HEDGE, readHedge);
  }
}
