import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { CONSOLIDATE, consolidate } from "./consolidate.ts";
import { BURN, burn, GET_SUPPLY, getSupply, MINT, mint, SET_SUPPLY_LIMIT, setSupplyLimit } from "./mint.ts";
import { GET_ACCOUNT, GET_STATEMENT, getAccount, getStatement } from "./read-account.ts";
import { RESERVE, reserve } from "./reserve.ts";
import { TRANSFER_MONEY, transferMoney } from "./transfer.ts";

/** Token accounts in micro-currency. fabric-shim takes every method as a transaction. */
export class AccountsContract extends Contract {
  constructor() {
    super("accounts");
  }

  Mint(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, MINT, mint);
  }

  Burn(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, BURN, burn);
  }

  SetSupplyLimit(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SET_SUPPLY_LIMIT, setSupplyLimit);
  }

  Transfer(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, TRANSFER_MONEY, transferMoney);
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
