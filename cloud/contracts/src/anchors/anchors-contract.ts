import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import { COMMIT_ANCHOR, commitAnchor, GET_ANCHOR, GET_HEAD, getAnchor, getHead } from "./anchor.ts";

/** Commitments to the readings of each virtual node. fabric-shim takes every method as a transaction. */
export class AnchorsContract extends Contract {
  constructor() {
    super("anchors");
  }

  CommitAnchor(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, COMMIT_ANCHOR, commitAnchor);
  }

  GetAnchor(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_ANCHOR, getAnchor);
  }

  GetHead(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_HEAD, getHead);
  }
}
