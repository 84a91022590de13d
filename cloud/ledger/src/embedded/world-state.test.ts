import fc from "fast-check";
import { expect, test } from "vitest";
import { type Snapshot, WorldState } from "./world-state.ts";

const VERSION = { blockNumber: 1, transactionIndex: 0 };
const text = (value: { value: Uint8Array } | undefined) => value && Buffer.from(value.value).toString();
const put = (key: string, value: string) => ({ store: "s", key, value: Buffer.from(value) });
const rangeOf = (snapshot: Snapshot, from = "", to = "") =>
  [...snapshot.range("s", from, to)].map(({ key, value }) => [key, text(value)]);
const remove = (key: string) => ({ store: "s", key, value: undefined });

test("a snapshot goes on showing what it was opened on", () => {
  const state = WorldState.inMemory();
  state.apply([put("a", "1"), put("b", "1")], VERSION);
  const snapshot = state.openSnapshot();
  state.apply([put("a", "2"), remove("b"), put("c", "2")], VERSION);
  state.apply([put("a", "3")], VERSION);
  expect(["a", "b", "c"].map((key) => text(snapshot.get("s", key)))).toEqual(["1", "1", undefined]);
  expect(rangeOf(snapshot)).toEqual([
    ["a", "1"],
    ["b", "1"],
  ]);
  expect(["a", "b", "c"].map((key) => text(state.get("s", key)))).toEqual(["3", undefined, "2"]);
});

test("a value keeps the key's settings, a deletion forgets them", () => {
  const state = WorldState.inMemory();
  const metadata = new Map([["policy", Uint8Array.of(1)]]);
  state.apply([{ ...put("a", "1"), metadata }], VERSION);
  state.apply([put("a", "2")], VERSION);
  expect(state.get("s", "a")?.metadata).toEqual(metadata);
  state.apply([remove("a"), put("a", "3")], VERSION);
  expect(state.get("s", "a")?.metadata.size).toBe(0);
});

const key = fc.constantFrom("a", "b", "ab", "ä", "\uffee", "\u{1f600}", "\u0000c\u0000x\u0000", "z");
const steps = fc.array(fc.record({ key, isRemoval: fc.boolean() }), { maxLength: 30 });
type Step = { key: string; isRemoval: boolean };

const compareBytes = (left: string, right: string) => Buffer.from(left).compare(Buffer.from(right));

/** Takes the steps on the state and gives what a plain map holds after them. */
function take(state: WorldState, taken: Step[]): Map<string, string> {
  const model = new Map<string, string>();
  for (const [index, step] of taken.entries()) {
    if (step.isRemoval) model.delete(step.key);
    else model.set(step.key, String(index));
    state.apply([step.isRemoval ? remove(step.key) : put(step.key, String(index))], VERSION);
    if (index % 5 === 0) rangeOf(state.openSnapshot());
  }
  return model;
}

test("ranges are those of a plain sorted map, whatever was written, removed and snapshotted before", () => {
  fc.assert(
    fc.property(steps, steps, key, key, (before, later, from, to) => {
      const state = WorldState.inMemory();
      const model = take(state, before);
      const snapshot = state.openSnapshot();
      take(state, later);
      const expected = [...model]
        .filter(([candidate]) => compareBytes(candidate, from) >= 0 && compareBytes(candidate, to) < 0)
        .sort(([left], [right]) => compareBytes(left, right));
      expect(rangeOf(snapshot, from, to)).toEqual(expected);
      snapshot.close();
    }),
  );
});
