import { describe, expect, it } from "vitest";
import { PartialFrame } from "./partial-frame.ts";

describe("PartialFrame", () => {
  it("joins what comes piece by piece, with memory that follows what has come", () => {
    const partial = new PartialFrame();
    const whole = Buffer.from(Array.from({ length: 10_000 }, (_, index) => index % 251));
    for (const byte of whole) partial.append(Buffer.from([byte]));
    expect(partial.bytes().equals(whole)).toBe(true);
    expect(partial.bytes().buffer.byteLength).toBeLessThan(2.1 * whole.length);
  });

  it("is empty at first and after it was cleared, and what was read from it before stays", () => {
    const partial = new PartialFrame();
    expect([partial.isEmpty(), partial.bytes().length]).toEqual([true, 0]);
    partial.append(Buffer.from("ab"));
    const before = partial.bytes();
    partial.clear();
    partial.append(Buffer.from("xy"));
    expect([before.toString(), partial.bytes().toString(), partial.isEmpty()]).toEqual(["ab", "xy", false]);
  });
});
