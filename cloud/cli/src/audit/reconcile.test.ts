import type { OutboxKey, OutboxSnapshot, ProvenBlock, ProvenTransaction } from "@gridpact/ledger";
import { readOutbox } from "@gridpact/ledger";
import type { Reconciliation } from "@gridpact/ledger/receipts";
import { beforeAll, describe, expect, it } from "vitest";
import { moneyActsOf, playedDay, provenBlocksOf } from "../../test/played-day.ts";
import { LISTED_MAX, type Outboxes, Reconciler, UNEXPLAINED_MAX } from "./reconcile.ts";

let blocks: ProvenBlock[];
let outboxes: Outboxes;

beforeAll(async () => {
  const day = await playedDay("reconcile");
  blocks = await provenBlocksOf(day);
  const read = new Map<string, OutboxSnapshot>();
  for (const [party, disk] of day.partyDisks) read.set(party, await readOutbox({ disk }));
  outboxes = read;
}, 120_000);

function reconcile(before: Outboxes, { after = before, ledger = blocks } = {}): Reconciliation {
  const reconciler = new Reconciler(before);
  for (const block of ledger) reconciler.add(block);
  return reconciler.finish(after);
}

/** A finished key of the aggregator's, the last whose transaction changed an account. */
function paidKey(): OutboxKey & { transactionId: string } {
  const paying = blocks
    .flatMap(({ transactions }) => [...transactions.values()])
    .findLast(({ creatorAttributes, writes }) => {
      return creatorAttributes["role"] === "aggregator" && [...writes.keys()].some((key) => key.startsWith("account/"));
    });
  const transactionId = paying?.transactionId ?? "";
  const keys = [...(outboxes.get("aggregator")?.keys.values() ?? [])];
  const found = keys.find(({ transactionIds }) => transactionIds.has(transactionId));
  if (found === undefined) throw new TypeError("the aggregator's outbox does not know what it paid");
  return { ...found, transactionId };
}

/** The aggregator's outbox with a key added, changed or (undefined) taken out. */
function planted(key: string, value: OutboxKey | undefined, forgottenToBlock: number | null = null): Outboxes {
  const keys = new Map(outboxes.get("aggregator")?.keys);
  if (value === undefined) keys.delete(key);
  else keys.set(key, value);
  return new Map([...outboxes, ["aggregator", { keys, forgottenToBlock }]]);
}

/** The key with another record of how it was finished. */
function refinished(change: Partial<OutboxKey["finished"][number]>): Outboxes {
  const paid = paidKey();
  return planted(paid.key, { ...paid, finished: paid.finished.map((entry) => ({ ...entry, ...change })) });
}

function without(transactionId: string): ProvenBlock[] {
  return blocks.map((block) => {
    const transactions = new Map(block.transactions);
    transactions.delete(transactionId);
    return { ...block, transactions };
  });
}

describe("reconciling outboxes with an honest ledger", () => {
  it("matches every key, and every transaction that moved money", () => {
    const report = reconcile(outboxes);
    expect(report.discrepancies).toEqual([]);
    expect(report).toMatchObject({ ok: true, outboxes: 3, moneyForgotten: 0, moneyNotCompared: 0 });
    const finished = [...outboxes.values()].flatMap(({ keys }) => [...keys.values()]);
    expect(report.matched).toBe(finished.filter(({ status }) => status === "finished").length);
    expect(report.moneyMatched).toBe(moneyActsOf(blocks));
    expect(moneyActsOf(blocks)).toBeGreaterThan(0);
  });

  it("counts what a party without an outbox here did, and calls it no difference", () => {
    const report = reconcile(new Map([...outboxes].filter(([party]) => party !== "aggregator")));
    expect(report).toMatchObject({ ok: true, outboxes: 2 });
    expect(report.moneyNotCompared).toBeGreaterThan(0);
  });

  it("reports a key under way as such, also when its transaction is on the ledger already", () => {
    const { key, transactionIds } = paidKey();
    const pending = { key, status: "pending", transactionIds, finished: [] } as const;
    const report = reconcile(planted(key, pending));
    expect(report).toMatchObject({ ok: true, pendingTotal: 1, pending: [{ party: "aggregator", key }] });
    expect(report.pending[0]?.validInBlock).toBeGreaterThan(0);
  });

  it("takes what came to the ledger between the two readings for known", () => {
    const { key } = paidKey();
    expect(reconcile(planted(key, undefined), { after: outboxes })).toMatchObject({ ok: true, discrepanciesTotal: 0 });
  });

  it("leaves out what an outbox may have forgotten, up to the block and not beyond", () => {
    const { key, finished } = paidKey();
    const blockNumber = finished[0]?.blockNumber ?? 0;
    expect(reconcile(planted(key, undefined, blockNumber))).toMatchObject({ ok: true, moneyForgotten: 1 });
    expect(reconcile(planted(key, undefined, blockNumber - 1))).toMatchObject({ ok: false, moneyForgotten: 0 });
  });
});

describe("a difference", () => {
  it("is a finished key whose transaction is not on the ledger", () => {
    const { key, transactionId } = paidKey();
    const report = reconcile(outboxes, { ledger: without(transactionId) });
    expect(report).toMatchObject({ ok: false, discrepanciesTotal: 1 });
    expect(report.discrepancies).toMatchObject([
      { party: "aggregator", key, transactionId, found: "none on the ledger" },
    ]);
  });

  it.each<[string, Partial<OutboxKey["finished"][number]>, RegExp]>([
    ["block", { blockNumber: 1 }, /^block \d+$/],
    ["content", { contentHashHex: "00".repeat(32) }, /^content [0-9a-f]{64}$/],
    ["result", { result: { paidMicro: "7" } }, /^result /],
  ])("is a changed outbox record: its %s", (_, change, found) => {
    const { key } = paidKey();
    const report = reconcile(refinished(change));
    expect(report).toMatchObject({ ok: false, discrepanciesTotal: 1 });
    expect(report.discrepancies).toMatchObject([{ party: "aggregator", key, found: expect.stringMatching(found) }]);
  });

  it("is a key that took effect twice", () => {
    const paid = paidKey();
    const [other] = [...(outboxes.get("vn-district")?.keys.values() ?? [])].flatMap(({ finished }) => finished);
    if (other === undefined) throw new TypeError("the district finished nothing");
    const transactionIds = new Set([...paid.transactionIds, other.transactionId]);
    const report = reconcile(planted(paid.key, { ...paid, transactionIds }));
    const about = report.discrepancies.map(({ key, found }) => [key, found]);
    expect(about).toContainEqual([paid.key, "2 valid transactions"]);
    // Two keys claim the same effect.
    expect(about).toContainEqual([other.key, `that of aggregator ${paid.key}`]);
  });

  it("is a refused key whose transaction took effect all the same", () => {
    const paid = paidKey();
    const report = reconcile(planted(paid.key, { ...paid, status: "dropped", finished: [] }));
    expect(report.discrepancies).toMatchObject([{ key: paid.key, found: "valid" }]);
  });

  it("is money that moved without any key", () => {
    const { key, transactionId } = paidKey();
    const report = reconcile(planted(key, undefined));
    expect(report).toMatchObject({ ok: false, discrepanciesTotal: 1 });
    expect(report.discrepancies).toMatchObject([{ party: "aggregator", key: null, transactionId }]);
  });

  it("is counted beyond the bound of those that are listed", () => {
    const entry = { contentHashHex: null, blockNumber: 1, result: null };
    const key = (number: number): [string, OutboxKey] => {
      const [key, transactionId] = [`key-${number}`, `tx-${number}`];
      const finished = [{ ...entry, key, transactionId }];
      return [key, { key, status: "finished", transactionIds: new Set([transactionId]), finished }];
    };
    const keys = new Map(Array.from({ length: LISTED_MAX + 1 }, (_, number) => key(number)));
    const report = reconcile(new Map([["vn-lost", { keys, forgottenToBlock: null }]]));
    expect(report.discrepancies).toHaveLength(LISTED_MAX);
    expect(report.discrepanciesTotal).toBe(LISTED_MAX + 1);
  });

  it("is kept for the second reading up to a bound, and called one at once beyond it", () => {
    const creatorAttributes = { role: "vn", vnId: "busy" };
    const writes = new Map([["account/vn:busy", "{}"]]);
    const transactions = Array.from({ length: UNEXPLAINED_MAX + 1 }, (_, number) => {
      const transaction = { transactionId: `tx-${number}`, name: "accounts:Transfer", creatorAttributes, writes };
      return [transaction.transactionId, transaction as unknown as ProvenTransaction] as const;
    });
    const block = { number: 9, hashHex: "", previousHashHex: "", transactions: new Map(transactions) };
    const snapshotWith = (ids: Iterable<string>): Outboxes => {
      const key: OutboxKey = { key: "all", status: "pending", transactionIds: new Set(ids), finished: [] };
      return new Map([["vn-busy", { keys: new Map([["all", key]]), forgottenToBlock: null }]]);
    };
    const after = snapshotWith(transactions.map(([id]) => id));
    const report = reconcile(snapshotWith([]), { after, ledger: [block] });
    expect(report).toMatchObject({ moneyMatched: UNEXPLAINED_MAX, discrepanciesTotal: 1 });
    expect(report.discrepancies[0]?.transactionId).toBe(`tx-${UNEXPLAINED_MAX}`);
  });
});
