import { expect, it } from "vitest";
import { ReplayedState } from "./replayed-state.ts";
import { SOLD_TEXT, SoldIntervals } from "./sold-intervals.ts";

function written(writes: Record<string, string>) {
  return { name: "sc2:SetupDR", argument: "{}", writes: new Map(Object.entries(writes)) };
}

it("knows what was sold of which device, in whatever order", () => {
  const sold = new SoldIntervals();
  for (const key of ["sold/a/2000000", "sold/a/1000000", "sold/b/3000000", "sold/a/2000000"]) {
    expect(sold.add(key)).toBe(true);
  }
  const has = (key: string) => sold.has(key);
  expect(["sold/a/1000000", "sold/a/2000000", "sold/b/3000000"].every(has)).toBe(true);
  expect(["sold/a/3000000", "sold/b/1000000", "sold/c/1000000", "account/a"].some(has)).toBe(false);
});

it("leaves other keys, and starts that are not on a second, to the state", () => {
  const sold = new SoldIntervals();
  expect(["account/a", "sold/a/1500", "sold/a", "sold/a/x"].map((key) => sold.add(key))).toEqual(Array(4).fill(false));
  const state = new ReplayedState();
  state.adopt(written({ "sold/a/1500": '{"contractId":"c"}', "sold/a/2000": '{"contractId":"c"}' }));
  expect([state.text("sold/a/1500"), state.text("sold/a/2000"), state.text("sold/a/3000")]).toEqual([
    '{"contractId":"c"}',
    SOLD_TEXT,
    undefined,
  ]);
});

it("forgets the chunks of an SC1 with its baselines, and no other's", () => {
  const state = new ReplayedState();
  for (const sc1 of ["x", "y"]) {
    state.adopt(written({ [`chunk/${sc1}/0`]: "{}", [`chunk/${sc1}/127`]: "{}", [`baseline/${sc1}/d`]: "{}" }));
  }
  const argument = '{"chunkNo":null,"contractId":"x"}';
  state.adopt({ name: "sc1:DRCompletion", argument, writes: new Map() });
  const left = ["x", "y"].map((sc1) =>
    [`chunk/${sc1}/0`, `chunk/${sc1}/127`, `baseline/${sc1}/d`].filter((key) => state.text(key) !== undefined),
  );
  expect(left).toEqual([[], ["chunk/y/0", "chunk/y/127", "baseline/y/d"]]);
});
