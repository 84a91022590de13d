import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { ACCEPT_SC1, acceptSc1, COMMIT_BASELINES, commitBaselines, REFUSE_SC1, refuseSc1 } from "./acceptance.ts";
import { COMPLETE_SC1, completeSc1 } from "./completion.ts";
import { CALL_FALLBACK, callFallback } from "./fallback.ts";
import { GET_BASELINE, GET_CHUNK, GET_SC1, readBaseline, readChunk, readSc1 } from "./read-contract.ts";
import { SETTLE_SC1, settleSc1 } from "./settlement.ts";
import { SETUP_SC1, setUpSc1 } from "./setup.ts";

/** Contracts between the aggregator and a virtual node. fabric-shim takes every method as a transaction. */
export class Sc1Contract extends Contract {
  constructor() {
    super("sc1");
  }

  SetupDR(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SETUP_SC1, setUpSc1);
  }

  CommitBaselines(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, COMMIT_BASELINES, commitBaselines);
  }

  AcceptReduction(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ACCEPT_SC1, acceptSc1);
  }

  RefuseReduction(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, REFUSE_SC1, refuseSc1);
  }

  CallFallback(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, CALL_FALLBACK, callFallback);
  }

  SettleDR(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SETTLE_SC1, settleSc1);
  }

  DRCompletion(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, COMPLETE_SC1, completeSc1);
  }

  GetContract(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SC1, readSc1);
  }

  GetChunk(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_CHUNK, readChunk);
  }

  GetBaseline(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_BASELINE, readBaseline);
  }
}
