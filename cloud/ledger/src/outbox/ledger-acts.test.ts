import { silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { type Committed, EndorseError, SubmitError } from "../client/index.ts";
import { LedgerActs } from "./ledger-acts.ts";

const COMMITTED: Committed = { transactionId: "tx", blockNumber: 1, result: null };

/** An outbox whose answers the test gives. */
function setUp(answers: (Committed | Error)[]) {
  const keys: string[] = [];
  const execute = async (key: string) => {
    keys.push(key);
    const answer = answers.shift() ?? COMMITTED;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { acts: new LedgerActs({ execute }, silentLog), keys };
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

describe("LedgerActs", () => {
  it("begins an act once and tells its end once", async () => {
    const { acts, keys } = setUp([COMMITTED]);
    expect(acts.perform("k", "sc1:SettleDR", null)).toEqual({ status: "pending" });
    expect(acts.perform("k", "sc1:SettleDR", null)).toEqual({ status: "pending" });
    await settled();
    expect(acts.perform("k", "sc1:SettleDR", null)).toEqual({ status: "committed" });
    expect(keys).toEqual(["k"]);
    // Asked again, as after a crash: the outbox knows the key.
    expect(acts.perform("k", "sc1:SettleDR", null)).toEqual({ status: "pending" });
    expect(keys).toEqual(["k", "k"]);
  });

  it("tells a contract's refusal with its code", async () => {
    const refusal = new EndorseError("tx", new Error("chaincode response 500, SC1_EXISTS: again"));
    const { acts } = setUp([refusal]);
    acts.perform("k", "sc1:SetupDR", null);
    await settled();
    expect(acts.perform("k", "sc1:SetupDR", null)).toEqual({ status: "refused", refusal: "SC1_EXISTS" });
  });

  it("tries again what failed for a reason that may pass", async () => {
    const { acts, keys } = setUp([new SubmitError("tx", new Error("no route")), new Error("disk"), COMMITTED]);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(acts.perform("k", "sc1:SetupDR", null)).toEqual({ status: "pending" });
      await settled();
    }
    expect(acts.perform("k", "sc1:SetupDR", null)).toEqual({ status: "committed" });
    expect(keys).toHaveLength(3);
  });
});
