import { describe, expect, it } from "vitest";
import type { Given } from "../agent-host.ts";
import { enrolmentInForce } from "./enrolment-in-force.ts";

/** What the registry said of a device from each revision on, and the block of the transaction that said so. */
type Said = { state: string; publicKeyHex: string; block: number };

const first = { state: "active", publicKeyHex: "k1", block: 10 };
const released = { state: "released", publicKeyHex: "k1", block: 20 };
const moved = { state: "active", publicKeyHex: "k1", block: 30 };
const rotated = { state: "active", publicKeyHex: "k2", block: 40 };
const revoked = { state: "revoked", publicKeyHex: "k1", block: 50 };

function inForce(history: readonly Said[], untilBlock: number) {
  const ledger = {
    evaluate: async (name: string, { revision }: { revision: number }) =>
      name === "registry:GetDevice"
        ? { revision: history.length - 1 }
        : { ...history[revision], transactionId: `tx-${revision}` },
    blockByTransaction: async (transactionId: string) => ({
      header: { number: history[Number(transactionId.slice(3))]?.block },
    }),
  };
  return enrolmentInForce("meter-1", untilBlock, { modules: { ledger } } as unknown as Given<"ledger">);
}

describe("the enrolment that a receipt rests on", () => {
  it.each([
    ["the only one", [first], 100, 0, "k1"],
    ["the only one, though it was revoked since", [first, revoked], 100, 0, "k1"],
    ["that at the new node, for what was accepted there", [first, released, moved], 30, 2, "k1"],
    ["that at the old node, for what was accepted before the move", [first, released, moved], 29, 0, "k1"],
    ["the first, for a device on its way", [first, released], 100, 0, "k1"],
    ["no rotation, which enrols nobody", [first, released, moved, rotated], 100, 2, "k1"],
    [
      "that with the changed key, at the next node",
      [first, rotated, released, { ...moved, publicKeyHex: "k2" }],
      99,
      3,
      "k2",
    ],
  ] as const)("is %s", async (_, history, untilBlock, revision, publicKeyHex) => {
    const blockNumber = history[revision]?.block;
    expect(await inForce(history, untilBlock)).toEqual({
      publicKeyHex,
      enrolment: { name: "registry:EnrolDevice", transactionId: `tx-${revision}`, blockNumber },
    });
  });

  it("is there: a contract of a device that nobody had enrolled is a fault", async () => {
    await expect(inForce([first], 9)).rejects.toThrow("meter-1 was enrolled before it was contracted");
  });
});
