import { JournalWriteError, SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { CommitError, EndorseError } from "../client/index.ts";
import { PREPARATIONS_MAX, RETRY_DELAY_MS_MAX } from "./delivery.ts";
import { FakeLedger } from "./fake-ledger.ts";
import {
  DISK_FULL_WAIT_MS,
  Outbox,
  type OutboxOptions,
  PENDING_MAX_DEFAULT,
  RETRY_DELAY_MS_DEFAULT,
  STATUS_WAIT_MS_DEFAULT,
} from "./outbox.ts";
import { RECORD_BYTES_MAX } from "./outbox-record.ts";

const MINT = "accounts:Mint";
const text = (argument: object) => JSON.stringify(argument);

function world() {
  const disk = new SimulatedDisk(new SeededRandom("outbox"));
  const clock = new VirtualClock(0);
  const ledger = new FakeLedger();
  const open = (options: Partial<OutboxOptions> = {}) =>
    Outbox.open({ directory: "outbox", ...options }, { disk, clock, ledger, log: silentLog });
  const pass = (delayMs: number) => clock.advanceTo(clock.nowUnixMs() + delayMs);
  return { disk, clock, ledger, open, pass };
}

describe("Outbox", () => {
  it("carries a transaction out and gives the same outcome for the same key, over restarts too", async () => {
    const { ledger, open } = world();
    const outbox = await open();
    const first = await outbox.execute("mint/1", MINT, { amountMicro: 5n });
    expect(first).toEqual({ transactionId: "tx-0", blockNumber: 1, result: { echo: '{"amountMicro":"5"}' } });
    expect(await outbox.execute("mint/1", MINT, { amountMicro: 5n })).toEqual(first);
    expect(outbox.outcome("mint/1")).toEqual(first);
    await outbox.close();
    const reopened = await open();
    expect(await reopened.execute("mint/1", MINT, { amountMicro: 5n })).toEqual(first);
    expect(reopened.outcome("mint/2")).toBeUndefined();
    expect(ledger.effects).toEqual(['{"amountMicro":"5"}']);
  });

  it("refuses a key that comes again with another transaction or argument, pending or done", async () => {
    const { open } = world();
    const outbox = await open();
    const first = outbox.execute("k", MINT, { a: 1 });
    await expect(outbox.execute("k", MINT, { a: 2 })).rejects.toMatchObject({ code: "OUTBOX_KEY_CONFLICT", key: "k" });
    await first;
    await expect(outbox.execute("k", "sc1:SetupDR", { a: 1 })).rejects.toMatchObject({ code: "OUTBOX_KEY_CONFLICT" });
    await expect(outbox.execute("k", MINT, { a: 1 })).resolves.toEqual(await first);
  });

  it("rejects with the contract's code when refused, and lets the key be tried again", async () => {
    const { ledger, open } = world();
    const outbox = await open();
    const refused = outbox.execute("k", MINT, { why: "refuse" });
    await expect(refused).rejects.toBeInstanceOf(EndorseError);
    await expect(refused).rejects.toMatchObject({ code: "LEDGER_ENDORSE", contractCode: "SC1_EXISTS" });
    expect(outbox.pending()).toEqual([]);
    await expect(outbox.execute("k", MINT, { why: "other" })).resolves.toMatchObject({ transactionId: "tx-1" });
    expect(outbox.metrics()).toEqual({ pending: 0, committed: 1, retried: 0, refused: 1 });
    expect(ledger.effects).toHaveLength(1);
  });

  it.each([
    ["prepare", "before"],
    ["prepare", "silence"],
    ["submit", "before"],
    ["submit", "after"],
    ["submit", "silence"],
    ["commitStatus", "before"],
    ["commitStatus", "silence"],
  ] as const)("has one effect when %s fails with: %s", async (phase, fault) => {
    const { ledger, open, pass } = world();
    ledger.faults[phase] = [fault];
    const outbox = await open();
    const done = outbox.execute("k", MINT, { a: 1 });
    await pass(STATUS_WAIT_MS_DEFAULT + RETRY_DELAY_MS_DEFAULT);
    expect(outbox.pending()).toEqual([]);
    await expect(done).resolves.toMatchObject({ blockNumber: 1 });
    expect(ledger.effects).toEqual([text({ a: 1 })]);
  });

  it("looks a transaction up after an ambiguous failure and submits the same bytes only if it is unknown", async () => {
    const { ledger, open, pass } = world();
    ledger.faults.submit = ["after", "before"];
    const outbox = await open();
    void outbox.execute("known", MINT, { a: 1 });
    await pass(RETRY_DELAY_MS_DEFAULT);
    expect(ledger.calls).toEqual(["prepare", "submit", "findTransaction"]);
    ledger.calls.length = 0;
    void outbox.execute("unknown", MINT, { a: 2 });
    await pass(RETRY_DELAY_MS_DEFAULT);
    expect(ledger.calls).toEqual(["prepare", "submit", "findTransaction", "submit", "commitStatus"]);
  });

  it("prepares anew after a conflict, so often and not more", async () => {
    const { ledger, open, pass } = world();
    const outbox = await open();
    let conflicts = 0;
    const { submit } = ledger;
    ledger.submit = (prepared) => {
      if (conflicts-- > 0) ledger.disturb("accounts");
      return submit.call(ledger, prepared);
    };
    conflicts = PREPARATIONS_MAX - 1;
    const last = outbox.execute("last", MINT, { a: 1 });
    await pass(PREPARATIONS_MAX * RETRY_DELAY_MS_MAX);
    await expect(last).resolves.toMatchObject({ transactionId: `tx-${PREPARATIONS_MAX - 1}` });
    conflicts = PREPARATIONS_MAX;
    const lost = outbox.execute("lost", MINT, { a: 2 }).catch((error: unknown) => error);
    await pass(PREPARATIONS_MAX * RETRY_DELAY_MS_MAX);
    expect(await lost).toBeInstanceOf(CommitError);
    expect(await lost).toMatchObject({ validationName: "MVCC_READ_CONFLICT", validationCode: 11 });
    expect(ledger.effects).toEqual([text({ a: 1 })]);
  });

  it("carries out one lane in order and other lanes beside it", async () => {
    const { ledger, open, pass } = world();
    ledger.faults.prepare = ["before"];
    const outbox = await open();
    const all = [
      outbox.execute("a", MINT, { a: 1 }),
      outbox.execute("b", MINT, { b: 1 }),
      outbox.execute("c", "anchors:CommitAnchor", { c: 1 }),
      outbox.execute("d", MINT, { d: 1 }, { lane: "other" }),
    ];
    expect(outbox.pending().map(({ key, lane }) => `${lane}/${key}`)).toEqual([
      "accounts/a",
      "accounts/b",
      "anchors/c",
      "other/d",
    ]);
    await all[2];
    await pass(RETRY_DELAY_MS_DEFAULT);
    await Promise.all(all);
    expect(ledger.effects.indexOf(text({ c: 1 }))).toBe(0);
    expect(ledger.effects.indexOf(text({ a: 1 }))).toBeLessThan(ledger.effects.indexOf(text({ b: 1 })));
  });

  it("retries while the ledger is down, with delays that double up to the bound", async () => {
    const { ledger, open, pass, clock } = world();
    ledger.isDown = true;
    const outbox = await open();
    const done = outbox.execute("k", MINT, { a: 1 });
    const at: number[] = [];
    ledger.calls.push = (...names) => {
      at.push(clock.nowUnixMs());
      return names.length;
    };
    await pass(20 * RETRY_DELAY_MS_MAX);
    const gaps = at.slice(1).map((unixMs, index) => unixMs - (at[index] ?? 0));
    expect(gaps.slice(0, 3)).toEqual([1, 2, 4].map((factor) => factor * RETRY_DELAY_MS_DEFAULT));
    expect(Math.max(...gaps)).toBe(RETRY_DELAY_MS_MAX);
    ledger.isDown = false;
    await pass(RETRY_DELAY_MS_MAX);
    await expect(done).resolves.toMatchObject({ blockNumber: 1 });
    expect(outbox.metrics().retried).toBe(at.length - 3);
  });

  it("takes as many pending keys as its bound and not one more", async () => {
    const { ledger, open, pass } = world();
    ledger.isDown = true;
    const outbox = await open();
    const taken = Array.from({ length: PENDING_MAX_DEFAULT }, (_, index) =>
      outbox.execute(`k${index}`, MINT, { index }),
    );
    expect(outbox.canAcceptWork()).toBe(false);
    await expect(outbox.execute("one more", MINT, {})).rejects.toMatchObject({ code: "OUTBOX_FULL" });
    const again = outbox.execute("k0", MINT, { index: 0 });
    ledger.isDown = false;
    await pass(RETRY_DELAY_MS_MAX);
    await Promise.all([...taken, again]);
    expect(outbox.canAcceptWork()).toBe(true);
    expect(ledger.effects).toHaveLength(PENDING_MAX_DEFAULT);
  });

  it("refuses what is too large for a block, and nothing else with it", async () => {
    const { open } = world();
    const outbox = await open();
    const large = outbox.execute("large", MINT, { text: "x".repeat(RECORD_BYTES_MAX) });
    await expect(large).rejects.toMatchObject({ code: "OUTBOX_ENTRY_TOO_LARGE" });
    await expect(outbox.execute("small", MINT, {})).resolves.toMatchObject({ blockNumber: 1 });
  });

  it("goes on after a restart with what was pending, and attaches whoever asks again", async () => {
    const { ledger, open, pass } = world();
    ledger.isDown = true;
    const outbox = await open();
    const before = outbox.execute("k", MINT, { a: 1 });
    await pass(1);
    await outbox.close();
    await expect(before).rejects.toMatchObject({ code: "OUTBOX_CLOSED" });
    await expect(outbox.execute("late", MINT, {})).rejects.toMatchObject({ code: "OUTBOX_CLOSED" });
    ledger.isDown = false;
    const reopened = await open();
    expect(reopened.pending()).toEqual([{ key: "k", lane: "accounts", transaction: MINT, isPrepared: false }]);
    await expect(reopened.execute("k", MINT, { a: 1 })).resolves.toMatchObject({ blockNumber: 1 });
    expect(ledger.effects).toHaveLength(1);
  });

  it("carries out what was prepared elsewhere, once, and does not prepare it anew", async () => {
    const { ledger, open } = world();
    const outbox = await open();
    const prepared = await ledger.prepare("sc2:AcceptReduction", { device: 1 });
    const first = await outbox.executePrepared("accept/1", { ...prepared, commitRequest: Uint8Array.of(1, 2) });
    const again = await ledger.prepare("sc2:AcceptReduction", { device: 1 });
    expect(await outbox.executePrepared("accept/1", again)).toEqual(first);
    const stale = await ledger.prepare("sc2:AcceptReduction", { device: 2 });
    ledger.disturb("sc2");
    await expect(outbox.executePrepared("accept/2", stale)).rejects.toBeInstanceOf(CommitError);
    expect(ledger.effects).toEqual([text({ device: 1 })]);
  });

  it("forgets the oldest finished key beyond the bound", async () => {
    const { ledger, open } = world();
    const outbox = await open({ finishedMax: 2 });
    for (const key of ["a", "b", "c"]) await outbox.execute(key, MINT, { key });
    expect(["a", "b", "c"].map((key) => outbox.outcome(key)?.transactionId)).toEqual([undefined, "tx-1", "tx-2"]);
    expect(ledger.effects).toHaveLength(3);
  });

  it("stops and rejects everything when the disk fails", async () => {
    const { disk, ledger, open } = world();
    const outbox = await open();
    await outbox.execute("a", MINT, {});
    disk.setFault("EIO");
    await expect(outbox.execute("b", MINT, {})).rejects.toBeInstanceOf(JournalWriteError);
    await expect(outbox.execute("c", MINT, {})).rejects.toBeInstanceOf(JournalWriteError);
    expect(outbox.canAcceptWork()).toBe(false);
    expect(ledger.effects).toHaveLength(1);
  });

  it("stands still while the disk is full and goes on by itself when there is room, once for each key", async () => {
    const { disk, ledger, open, pass } = world();
    const outbox = await open();
    await outbox.execute("a", MINT, { key: "a" });
    disk.setFault("ENOSPC");
    const waiting = ["b", "c"].map((key) => outbox.execute(key, MINT, { key }, { lane: key }));
    await pass(5 * DISK_FULL_WAIT_MS);
    expect(outbox.canAcceptWork()).toBe(false);
    expect(ledger.effects).toHaveLength(1);
    disk.setFault(undefined);
    await pass(2 * DISK_FULL_WAIT_MS);
    await Promise.all(waiting);
    expect(outbox.canAcceptWork()).toBe(true);
    await outbox.close();
    const again = await open();
    for (const key of ["a", "b", "c"]) await again.execute(key, MINT, { key });
    expect(ledger.effects).toHaveLength(3);
  });

  it("can be closed while the disk is full", async () => {
    const { disk, open, pass } = world();
    const outbox = await open();
    disk.setFault("ENOSPC");
    const waiting = outbox.execute("b", MINT, {});
    waiting.catch(() => undefined);
    await pass(DISK_FULL_WAIT_MS);
    await outbox.close();
    await expect(waiting).rejects.toThrow();
  });
});
