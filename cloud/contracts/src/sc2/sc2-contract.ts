import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { ACCEPT_SC2, ACCEPT_SC2_BATCH, acceptSc2, acceptSc2Batch } from "./acceptance.ts";
import { AMEND_SC2, amendSc2 } from "./amendment.ts";
import { GET_SC2, readSc2 } from "./read-contract.ts";
import { SETTLE_SC2, SETTLE_SC2_BATCH, settleSc2, settleSc2Batch } from "./settlement.ts";
import { SETUP_SC2, SETUP_SC2_BATCH, setUpSc2, setUpSc2Batch } from "./setup.ts";

/** Contracts between a virtual node and one device. fabric-shim takes every method as a transaction. */
export class Sc2Contract extends Contract {
  constructor() {
    super("sc2");
  }

  SetupDR(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SETUP_SC2, setUpSc2);
  }

  SetupDRBatch(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SETUP_SC2_BATCH, setUpSc2Batch);
  }

  AcceptReduction(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ACCEPT_SC2, acceptSc2);
  }

  AcceptReductionBatch(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, ACCEPT_SC2_BATCH, acceptSc2Batch);
  }

  Amend(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, AMEND_SC2, amendSc2);
  }

  SettleDR(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SETTLE_SC2, settleSc2);
  }

  SettleDRBatch(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SETTLE_SC2_BATCH, settleSc2Batch);
  }

  GetContract(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SC2, readSc2);
  }
}
