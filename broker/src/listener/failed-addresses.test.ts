import { describe, expect, it } from "vitest";
import { FAILED_ADDRESSES_MAX, FailedAddresses, FIRST_HOLD_MS, HOLD_MS_MAX } from "./failed-addresses.ts";

describe("FailedAddresses", () => {
  it("holds nobody who has not failed", () => {
    const addresses = new FailedAddresses();
    expect([addresses.has("a"), addresses.heldUntilUnixMs("a")]).toEqual([false, 0]);
  });

  it("holds an address longer each time, up to a bound", () => {
    const addresses = new FailedAddresses();
    const holds = Array.from({ length: 6 }, () => {
      addresses.failed("a", 100_000);
      return addresses.heldUntilUnixMs("a") - 100_000;
    });
    expect(holds).toEqual([FIRST_HOLD_MS, 2_000, 4_000, 8_000, HOLD_MS_MAX, HOLD_MS_MAX]);
    expect(addresses.heldUntilUnixMs("b")).toBe(0);
  });

  it("begins anew after a good connection", () => {
    const addresses = new FailedAddresses();
    for (let failures = 0; failures < 3; failures++) addresses.failed("a", 0);
    addresses.succeeded("a");
    expect(addresses.has("a")).toBe(false);
    addresses.failed("a", 0);
    expect(addresses.heldUntilUnixMs("a")).toBe(FIRST_HOLD_MS);
  });

  it("forgets who failed longest ago beyond its bound", () => {
    const addresses = new FailedAddresses();
    for (let index = 0; index < FAILED_ADDRESSES_MAX; index++) addresses.failed(`${index}`, 0);
    addresses.failed("0", 1);
    expect(addresses.size()).toBe(FAILED_ADDRESSES_MAX);
    addresses.failed("one more", 2);
    expect(addresses.size()).toBe(FAILED_ADDRESSES_MAX);
    expect([addresses.has("0"), addresses.has("1"), addresses.has("one more")]).toEqual([true, false, true]);
  });
});
