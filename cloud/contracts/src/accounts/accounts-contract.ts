import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { CONSOLIDATE, consolidate } from "./consolidate.ts";
import { GET_SUPPLY, getSupply, MINT, mint } from "./mint.ts";
import { GET_ACCOUNT, GET_STATEMENT, getAccount, getStatement } from "./read-account.ts";
import { RESERVE, reserve } from "./reserve.ts";

/** Token accounts in micro-currency. fabric-shim takes every method as a transaction. */
export class AccountsContract extends Contract {
  constructor() {
    super("accounts");
  }

  Mint(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, MINT, mint);
  }

  Consolidate(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, CONSOLIDATE, consolidate);
  }

  Reserve(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RESERVE, reserve);
  }

  GetAccount(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_ACCOUNT, getAccount);
  }

  GetStatement(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_STATEMENT, getStatement);
  }

  GetSupply(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SUPPLY, getSupply);
  }
}
