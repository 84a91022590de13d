import { EndorseError, type LedgerArgument, SubmitError } from "@gridpact/ledger";
import { describe, expect, it } from "vitest";
import { CONSENT_BATCH_MAX, ConsentBatches, type SignedConsent } from "./consent-batches.ts";

const consentOf = (contractId: string): SignedConsent => ({ contractId, signatureHex: "00" });

/** Batches before an outbox that fails as the test says, with all that was handed to it. */
function setUp(failureOf: (contractIds: string[]) => Error | undefined = () => undefined) {
  const handedIn: string[][] = [];
  const keys: string[] = [];
  const outbox = {
    execute: async (key: string, _transaction: string, argument: LedgerArgument) => {
      const { consents } = argument as { consents: SignedConsent[] };
      const contractIds = consents.map(({ contractId }) => contractId);
      keys.push(key);
      handedIn.push(contractIds);
      const failure = failureOf(contractIds);
      if (failure !== undefined) throw failure;
      return { transactionId: "tx", blockNumber: 1, result: null };
    },
  };
  return { batches: new ConsentBatches(outbox), handedIn, keys };
}

const refusal = () => new EndorseError("tx", new Error("chaincode response 500, SC2_CONSENT_UNPROVEN: no"));

describe("consents that go to the ledger together", () => {
  it("wait for each other, and are one act whose key follows from what is in it", async () => {
    const { batches, handedIn, keys } = setUp();
    const added = [batches.add(consentOf("a")), batches.add(consentOf("b"))];
    expect(handedIn).toEqual([]);
    batches.handIn();
    await Promise.all(added);
    batches.handIn();
    expect(handedIn).toEqual([["a", "b"]]);
    const again = [batches.add(consentOf("a")), batches.add(consentOf("b"))];
    batches.handIn();
    await Promise.all(again);
    expect(new Set(keys).size).toBe(1);
  });

  it("fill a transaction up to its bound", async () => {
    const { batches, handedIn } = setUp();
    const added = Array.from({ length: CONSENT_BATCH_MAX + 1 }, (_, index) => batches.add(consentOf(`c${index}`)));
    batches.handIn();
    await Promise.all(added);
    expect(handedIn.map(({ length }) => length)).toEqual([CONSENT_BATCH_MAX, 1]);
  });

  it("go on alone when one of them is refused, which alone is refused then", async () => {
    const { batches, handedIn } = setUp((contractIds) => (contractIds.includes("forged") ? refusal() : undefined));
    const added = ["a", "forged", "b"].map((contractId) => batches.add(consentOf(contractId)));
    batches.handIn();
    const outcomes = await Promise.allSettled(added);
    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(handedIn).toEqual([["a", "forged", "b"], ["a"], ["forged"], ["b"]]);
  });

  it("share a failure that may pass, and are not tried one by one", async () => {
    const { batches, handedIn } = setUp(() => new SubmitError("tx", new Error("no route")));
    const added = ["a", "b"].map((contractId) => batches.add(consentOf(contractId)));
    batches.handIn();
    const outcomes = await Promise.allSettled(added);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(handedIn).toEqual([["a", "b"]]);
  });
});
