import { encode, type FlexibilityStatement } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { DEVICES_MAX } from "../../enrolment/index.ts";
import { StatementBook } from "./statement-book.ts";

const QUARTER_MS = 900_000;
const EIGHT = Date.UTC(2016, 0, 28, 8);
const INTERVALS = [
  { startUnixMs: EIGHT, endUnixMs: EIGHT + QUARTER_MS },
  { startUnixMs: EIGHT + 4 * QUARTER_MS, endUnixMs: EIGHT + 5 * QUARTER_MS },
];

function statement(changes: Partial<FlexibilityStatement> = {}): Uint8Array {
  const deliverableWh = Array.from({ length: 24 }, (_, hour) => (hour === 8 ? 100n : 900n));
  return encode("FlexibilityStatement", {
    revision: 1,
    eventsLearned: 1,
    mtuMs: QUARTER_MS,
    deliverableWh,
    ...changes,
  });
}

describe("StatementBook", () => {
  it("leaves the estimate of a device alone that has stated nothing", () => {
    expect(new StatementBook().lowered("d", INTERVALS, [500n, 500n])).toEqual([500n, 500n]);
  });

  it("lowers an estimate to what the device says of that hour, and never raises it", () => {
    const book = new StatementBook();
    book.receive("d", statement());
    expect(book.lowered("d", INTERVALS, [500n, 500n])).toEqual([100n, 500n]);
    expect(book.lowered("other", INTERVALS, [500n, 500n])).toEqual([500n, 500n]);
  });

  it("goes by the newest statement of a device", () => {
    const book = new StatementBook();
    book.receive("d", statement());
    book.receive("d", statement({ revision: 2, deliverableWh: Array.from({ length: 24 }, () => 300n) }));
    expect(book.lowered("d", INTERVALS, [500n, 500n])).toEqual([300n, 300n]);
  });

  it("scales to the length of the interval", () => {
    const book = new StatementBook();
    book.receive("d", statement({ mtuMs: QUARTER_MS / 3 }));
    expect(book.lowered("d", INTERVALS, [500n, 500n])).toEqual([300n, 500n]);
  });

  it.each([
    ["bytes that are no statement", new Uint8Array([255, 255])],
    ["nothing", new Uint8Array()],
    ["a revision that no device begins with", statement({ revision: 0 })],
    ["a day of 23 hours", statement({ deliverableWh: Array.from({ length: 23 }, () => 1n) })],
    ["no market time unit", statement({ mtuMs: 0 })],
  ])("refuses %s", (_, bytes) => {
    const book = new StatementBook();
    expect(() => book.receive("d", bytes)).toThrow(expect.objectContaining({ code: "FLEXIBILITY_STATEMENT_INVALID" }));
    expect(book.lowered("d", INTERVALS, [500n, 500n])).toEqual([500n, 500n]);
  });

  it("holds one statement for each device that can be enrolled, and refuses one more", () => {
    const book = new StatementBook();
    const bytes = statement();
    for (let index = 0; index < DEVICES_MAX; index++) book.receive(`d-${index}`, bytes);
    book.receive("d-0", bytes);
    expect(() => book.receive("one-more", bytes)).toThrow("more devices than can be enrolled");
  });
});
