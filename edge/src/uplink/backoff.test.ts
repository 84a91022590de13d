import { SeededRandom } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { backoffMs, PAUSE_MS_MAX } from "./backoff.ts";

const fixed = (byte: number) => ({ bytes: (count: number) => new Uint8Array(count).fill(byte) });

describe("backoffMs", () => {
  it("doubles with each failure up to its bound", () => {
    expect([0, 1, 2, 6, 1_000].map((failures) => backoffMs(failures, fixed(0)))).toEqual([
      250, 500, 1_000, 15_000, 15_000,
    ]);
    expect(backoffMs(1_000, fixed(255))).toBeLessThanOrEqual(PAUSE_MS_MAX);
  });

  it("differs between devices", () => {
    expect(backoffMs(4, new SeededRandom("a"))).not.toBe(backoffMs(4, new SeededRandom("b")));
  });
});
