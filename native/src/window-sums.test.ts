import { describe, expect, it } from "vitest";
import { linesOf } from "./line-protocol.ts";
import { WindowSums } from "./window-sums.ts";

const MTU_MS = 900_000;
const energy = (importWh: bigint, exportWh = 0n) => ({ importWh, exportWh });

describe("sums of windows", () => {
  it("give energy to the unit in which it was used: what ends on a boundary ends the unit before", () => {
    const sums = new WindowSums(MTU_MS);
    for (const at of [MTU_MS - 1, MTU_MS, MTU_MS + 1, 2 * MTU_MS]) sums.add("f", at, energy(10n, 1n));
    expect(sums.deltas()).toEqual([
      { feeder: "f", startUnixMs: 0, importWh: 20n, exportWh: 2n, readingCount: 2 },
      { feeder: "f", startUnixMs: MTU_MS, importWh: 20n, exportWh: 2n, readingCount: 2 },
    ]);
  });

  it("keep feeders apart, in the order in which they were first heard of", () => {
    const sums = new WindowSums(MTU_MS);
    for (const feeder of ["b", "a", "b"]) sums.add(feeder, 1, energy(1n));
    expect(sums.deltas().map(({ feeder, readingCount }) => [feeder, readingCount])).toEqual([
      ["b", 2],
      ["a", 1],
    ]);
  });
});

describe("line protocol", () => {
  it("has one line for each reading, signs and large registers as they are", () => {
    const reading = { deviceId: "m-1", bootEpoch: 1, seq: 0n, importWh: 2n ** 48n - 1n, exportWh: 0n };
    const lines = linesOf(
      [
        { ...reading, powerW: -5, measuredAtUnixMs: 1 },
        { ...reading, powerW: 5, measuredAtUnixMs: 2 },
      ],
      "f",
    );
    expect(lines.toString()).toBe(
      "reading,device=m-1,feeder=f power_w=-5i,import_wh=281474976710655i,export_wh=0i 1\n" +
        "reading,device=m-1,feeder=f power_w=5i,import_wh=281474976710655i,export_wh=0i 2\n",
    );
    expect(linesOf([], "f")).toHaveLength(0);
  });

  it.each([
    ["a b", "a\\ b"],
    ["a,b=c", "a\\,b\\=c"],
    ["Straße", "Straße"],
  ])("writes the feeder %s so that it is one tag", (feeder, written) => {
    const reading = {
      deviceId: "m",
      bootEpoch: 1,
      seq: 0n,
      measuredAtUnixMs: 1,
      powerW: 0,
      importWh: 0n,
      exportWh: 0n,
    };
    expect(linesOf([reading], feeder).toString()).toContain(`,feeder=${written} power_w=`);
  });
});
