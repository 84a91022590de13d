import { describe, expect, it } from "vitest";
import type { EventDocument, ProposedChange } from "../document/index.ts";
import { AMEND_BATCH_MAX, amendContracts } from "./amend-contracts.ts";

const context = {
  modules: { clock: { nowUnixMs: () => 1 } },
  amendments: { forget: () => undefined },
} as unknown as Parameters<typeof amendContracts>[1];

/** Time is up, and so many devices have signed. */
function eventWith(signed: number): EventDocument {
  const changes = Array.from({ length: signed }, (_, index): ProposedChange => {
    return { contractId: `c${index}`, amendmentNo: 1, orderedWh: [1n], penaltyCapMicro: 0n, signatureHex: "ab" };
  });
  const assignments = [{ contractId: "joined", status: "accepted" }];
  const amending = { changes, joinedIds: ["joined"], decideByUnixMs: 1, batches: null };
  return { phase: "running", assignments, amending } as unknown as EventDocument;
}

async function batchesFor(signed: number) {
  const { amending } = await amendContracts(eventWith(signed), context);
  return amending?.batches?.map(({ changes, joinedIds }) => [changes.length, joinedIds.length]);
}

describe("changes that devices have signed", () => {
  it("are handed in as many together as a transaction takes, and replacements with the first of them", async () => {
    expect(await batchesFor(AMEND_BATCH_MAX)).toEqual([[AMEND_BATCH_MAX, 1]]);
    expect(await batchesFor(AMEND_BATCH_MAX + 1)).toEqual([
      [AMEND_BATCH_MAX, 1],
      [1, 0],
    ]);
  });

  it("come to nothing when nobody signed", async () => {
    expect(await batchesFor(0)).toBeUndefined();
  });
});
