import { beforeEach, describe, expect, it } from "vitest";
import { AUDITOR, DISTRICT, HASH, type Market, openMarket } from "./market.ts";
import { assertRefused } from "./refusal.ts";

const ZEROS = "00".repeat(32);
const OTHER = "cd".repeat(32);

describe("anchors", () => {
  let market: Market;
  const commitment = { vnId: "district", batchNo: 0, size: 3, rootHex: HASH, prevRootHex: ZEROS };

  beforeEach(async () => {
    ({ market } = await openMarket(0));
  });

  it("are kept in sequence, each with the root before it", async () => {
    await market.submit(DISTRICT, "anchors:CommitAnchor", commitment);
    const next = { ...commitment, batchNo: 1, size: 4, rootHex: OTHER, prevRootHex: HASH };
    const head = await market.submit(DISTRICT, "anchors:CommitAnchor", next);
    expect(head.leavesTotal).toBe(7);
    expect(await market.submit(AUDITOR, "anchors:GetHead", { vnId: "district" })).toEqual(head);
    const first = await market.submit(AUDITOR, "anchors:GetAnchor", { vnId: "district", batchNo: 0 });
    expect(first.rootHex).toBe(HASH);
  });

  it("have no head before the first", async () => {
    expect(await market.submit(AUDITOR, "anchors:GetHead", { vnId: "district" })).toBeNull();
    const argument = { vnId: "district", batchNo: 0 };
    await assertRefused(market, { caller: AUDITOR, name: "anchors:GetAnchor", argument }, "ANCHOR_UNKNOWN");
  });

  it.each([
    { why: "a first batch that is not number 0", changes: { batchNo: 1 }, code: "ANCHOR_OUT_OF_SEQUENCE" },
    { why: "a first batch with a root before it", changes: { prevRootHex: OTHER }, code: "ANCHOR_PREV_ROOT_MISMATCH" },
    { why: "an empty batch", changes: { size: 0 }, code: "ARGUMENT_INVALID" },
    { why: "a batch beyond the largest", changes: { size: 2 ** 30 + 1 }, code: "ARGUMENT_INVALID" },
  ] as const)("refuse $why", async ({ changes, code }) => {
    const argument = { ...commitment, ...changes };
    await assertRefused(market, { caller: DISTRICT, name: "anchors:CommitAnchor", argument }, code);
  });

  it.each([
    { why: "the same batch again", changes: { batchNo: 0 }, code: "ANCHOR_OUT_OF_SEQUENCE" },
    { why: "a batch that leaves one out", changes: { batchNo: 2, prevRootHex: HASH }, code: "ANCHOR_OUT_OF_SEQUENCE" },
    {
      why: "a batch that forks the log",
      changes: { batchNo: 1, prevRootHex: OTHER },
      code: "ANCHOR_PREV_ROOT_MISMATCH",
    },
  ] as const)("refuse $why", async ({ changes, code }) => {
    await market.submit(DISTRICT, "anchors:CommitAnchor", commitment);
    const argument = { ...commitment, rootHex: OTHER, ...changes };
    await assertRefused(market, { caller: DISTRICT, name: "anchors:CommitAnchor", argument }, code);
  });
});
