import { describe, expect, it } from "vitest";
import { TokenBucket } from "./token-bucket.ts";

describe("TokenBucket", () => {
  it("lets a burst through and then says how long to wait", () => {
    const bucket = new TokenBucket({ burst: 3, perSecond: 10 }, 0);
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 0]);
    expect(bucket.take(0)).toBe(100);
    expect(bucket.take(99)).toBe(1);
    expect(bucket.take(100)).toBe(0);
  });

  it("gathers no more than a burst", () => {
    const bucket = new TokenBucket({ burst: 2, perSecond: 10 }, 0);
    expect([bucket.take(60_000), bucket.take(60_000)]).toEqual([0, 0]);
    expect(bucket.take(60_000)).toBeGreaterThan(0);
  });

  it("takes nothing away when the clock is set back", () => {
    const bucket = new TokenBucket({ burst: 2, perSecond: 1 }, 10_000);
    expect(bucket.take(5_000)).toBe(0);
    expect(bucket.take(5_000)).toBe(0);
    expect(bucket.take(5_500)).toBe(500);
  });

  it("goes on with other limits when told to, and keeps no more than they allow", () => {
    const bucket = new TokenBucket({ burst: 100, perSecond: 100 }, 0);
    bucket.limit({ burst: 2, perSecond: 1 });
    expect([bucket.take(0), bucket.take(0), bucket.take(0)]).toEqual([0, 0, 1_000]);
    expect(bucket.take(1_000)).toBe(0);
  });
});
