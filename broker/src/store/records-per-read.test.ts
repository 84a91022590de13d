import { describe, expect, it } from "vitest";
import { RecordsPerRead } from "./records-per-read.ts";

describe("RecordsPerRead", () => {
  it("doubles up to what brings the readings wanted, or to its bound", () => {
    const small = new RecordsPerRead(1_000);
    const sizes: number[] = [];
    for (let read = 0; read < 6; read++) {
      sizes.push(small.next());
      small.learn({ records: small.next(), readings: 2 * small.next() });
    }
    expect(sizes).toEqual([64, 128, 256, 500, 500, 500]);
    const large = new RecordsPerRead(1_000_000);
    for (let read = 0; read < 20; read++) large.learn({ records: large.next(), readings: large.next() });
    expect(large.next()).toBe(4_096);
  });

  it("comes down at once when records hold more, but not below its least", () => {
    const records = new RecordsPerRead(10_000);
    for (let read = 0; read < 20; read++) records.learn({ records: records.next(), readings: records.next() });
    records.learn({ records: 100, readings: 144_000 });
    expect(records.next()).toBe(64);
  });

  it("takes records without any reading for small ones", () => {
    const records = new RecordsPerRead(10_000);
    records.learn({ records: 64, readings: 0 });
    expect(records.next()).toBe(128);
  });
});
