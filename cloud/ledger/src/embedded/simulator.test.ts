import { describe, expect, it } from "vitest";
import { Collections } from "../protocol/index.ts";
import { Simulator } from "./simulator.ts";
import { WorldState } from "./world-state.ts";

/** A run of a contract on an empty state, by a peer that has the values of one collection. */
function simulate(changes: { isEvaluation?: boolean; creatorMspId?: string; peerMspId?: string } = {}): Simulator {
  return new Simulator({
    snapshot: WorldState.inMemory().openSnapshot(),
    namespace: "gridpact",
    collections: new Collections([{ name: "secret", memberMspIds: ["VnMSP"] }], ["VnMSP", "DsoMSP"]),
    creatorMspId: "VnMSP",
    peerMspId: "VnMSP",
    isEvaluation: false,
    history: async () => [],
    ...changes,
  });
}

const VALUE = Uint8Array.of(1);

describe("what a contract may not ask of a peer", () => {
  it.each<[string, string, (simulator: Simulator) => Promise<unknown>]>([
    ["to write under no key", "BAD_KEY", (run) => run.handlePutState("", "", VALUE)],
    ["to write under no key of a collection", "BAD_KEY", (run) => run.handlePutState("secret", "", VALUE)],
    ["to delete under no key", "BAD_KEY", (run) => run.handleDeleteState("", "")],
    ["to give no key a policy", "BAD_KEY", (run) => run.handlePutStateMetadata("", "", "POLICY", VALUE)],
    ["to purge", "UNSUPPORTED", (run) => run.handlePurgeState("secret", "a")],
    ["to give a private key a policy", "UNSUPPORTED", (run) => run.handlePutStateMetadata("secret", "a", "P", VALUE)],
    ["to read a private key's policy", "UNSUPPORTED", (run) => run.handleGetStateMetadata("secret", "a")],
    ["to search documents", "UNSUPPORTED", (run) => run.handleGetQueryResult()],
    ["to call another chaincode", "UNSUPPORTED", (run) => run.handleInvokeChaincode("other")],
    [
      "to write to a collection that there is not",
      "COLLECTION_ACCESS",
      (run) => run.handlePutState("none", "a", VALUE),
    ],
    ["the hash of a value in one", "COLLECTION_ACCESS", (run) => run.handleGetPrivateDataHash("none", "a")],
    ["to read a range that it writes by", "RANGE_IN_WRITE", (run) => run.handleGetStateByRange("", "", "")],
  ])("is %s", async (_, code, ask) => {
    await expect(ask(simulate())).rejects.toMatchObject({ code });
  });

  it("is a collection's values for somebody, or by somebody, who is no member", async () => {
    const refusal = { code: "COLLECTION_ACCESS" };
    await expect(simulate().handleGetState("secret", "a")).resolves.toHaveLength(0);
    await expect(simulate({ creatorMspId: "DsoMSP" }).handleGetState("secret", "a")).rejects.toMatchObject(refusal);
    await expect(simulate({ peerMspId: "DsoMSP" }).handleGetState("secret", "a")).rejects.toMatchObject(refusal);
    await expect(simulate({ creatorMspId: "DsoMSP" }).handlePutState("secret", "a", VALUE)).rejects.toMatchObject(
      refusal,
    );
  });

  it("leaves no trace in what is written", async () => {
    const run = simulate();
    await run.handlePutState("", "", VALUE).catch(() => undefined);
    await run.handlePutState("", "a", VALUE);
    expect(run.readWriteSet().writes.map(({ key }) => key)).toEqual(["a"]);
  });
});
