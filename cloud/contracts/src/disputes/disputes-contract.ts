import { type Context, Contract } from "fabric-contract-api";
import { transact } from "../transaction/index.ts";
import {
  CLOSE_SC1_DISPUTE,
  GET_SC1_DISPUTE,
  OPEN_SC1_DISPUTE,
  RELEASE_SC1,
  RULE_SC1,
  releaseSc1,
  SC1_DISPUTES,
  SUM_ANEW,
  sumAnew,
} from "./sc1-dispute.ts";
import {
  CLOSE_DISPUTE,
  GET_DISPUTE,
  OPEN_DISPUTE,
  RELEASE,
  RULE,
  release,
  SC2_DISPUTES,
  SUBMIT_EVIDENCE,
  submitEvidence,
} from "./sc2-dispute.ts";

/** Disputes about settlements, and the money held back for them. fabric-shim takes every method as a transaction. */
export class DisputesContract extends Contract {
  constructor() {
    super("disputes");
  }

  Open(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, OPEN_DISPUTE, (transaction, asked) => SC2_DISPUTES.open(transaction, asked));
  }

  SubmitEvidence(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SUBMIT_EVIDENCE, submitEvidence);
  }

  Rule(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RULE, (transaction, asked) => SC2_DISPUTES.rule(transaction, asked));
  }

  Close(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, CLOSE_DISPUTE, (transaction, asked) =>
      SC2_DISPUTES.close(transaction, asked),
    );
  }

  Release(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RELEASE, release);
  }

  OpenSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, OPEN_SC1_DISPUTE, (transaction, asked) =>
      SC1_DISPUTES.open(transaction, asked),
    );
  }

  SumAnew(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, SUM_ANEW, sumAnew);
  }

  RuleSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RULE_SC1, (transaction, asked) => SC1_DISPUTES.rule(transaction, asked));
  }

  CloseSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, CLOSE_SC1_DISPUTE, (transaction, asked) =>
      SC1_DISPUTES.close(transaction, asked),
    );
  }

  ReleaseSc1(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, RELEASE_SC1, releaseSc1);
  }

  GetSc1Dispute(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_SC1_DISPUTE, (transaction, asked) =>
      SC1_DISPUTES.read(transaction, asked),
    );
  }

  GetDispute(context: Context, argument: string): Promise<string> {
    return transact({ context, argument }, GET_DISPUTE, (transaction, asked) => SC2_DISPUTES.read(transaction, asked));
  }
}
