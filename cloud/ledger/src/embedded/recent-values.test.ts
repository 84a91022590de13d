import { expect, test } from "vitest";
import { RecentValues, ValueMap } from "./recent-values.ts";

const entryOf = (length: number) => ({
  value: new Uint8Array(length),
  version: { blockNumber: 1, transactionIndex: 0 },
  metadata: new Map(),
});

test("knows values and the lack of them apart from what it does not know", () => {
  const values = new ValueMap();
  values.set("s", "a", entryOf(1));
  values.set("s", "b", null);
  expect(values.get("s", "a")?.value.length).toBe(1);
  expect([values.get("s", "b"), values.get("s", "c"), values.get("t", "a")]).toEqual([null, undefined, undefined]);
  expect([...values.entries()].map(([store, key]) => [store, key])).toEqual([
    ["s", "a"],
    ["s", "b"],
  ]);
});

test("keeps what is asked for again and takes no more memory than its bound and a value", () => {
  const recent = new RecentValues(100_000);
  let bytesMax = 0;
  recent.set("s", "used", entryOf(7));
  for (let index = 0; index < 1_000; index++) {
    recent.set("s", `key ${index}`, entryOf(700));
    bytesMax = Math.max(bytesMax, recent.bytes());
    expect(recent.get("s", "used")?.value.length).toBe(7);
  }
  expect(recent.get("s", "key 0")).toBeUndefined();
  expect(recent.get("s", "key 999")?.value.length).toBe(700);
  expect(bytesMax).toBeGreaterThan(90_000);
  expect(bytesMax).toBeLessThanOrEqual(101_100);
});
