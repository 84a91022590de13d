import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import {
  AGREE_SUPPLY,
  agreeSupply,
  GET_SUPPLY_AGREEMENT,
  GET_SUPPLY_COMMITMENT,
  readSupplyAgreement,
  readSupplyCommitment,
} from "./agree.ts";

/** Private agreements of virtual nodes and prosumers. fabric-shim takes every method as a transaction. */
export class SupplyContract extends Contract {
  constructor() {
    super("supply");
  }

  Agree(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, AGREE_SUPPLY, agreeSupply);
  }

  GetAgreement(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SUPPLY_AGREEMENT, readSupplyAgreement);
  }

  GetCommitment(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SUPPLY_COMMITMENT, readSupplyCommitment);
  }
}
