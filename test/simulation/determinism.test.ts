import { fingerprint } from "@gridpact/cli";
import { describe, expect, it } from "vitest";
import { playSeed } from "./seeds.ts";

describe("a simulated day", () => {
  it.each(["deterministic-1", "deterministic-2"])("is the same to the last byte for seed %s", async (seed) => {
    const first = await playSeed(seed);
    const second = await playSeed(seed);
    expect(second.summary).toEqual(first.summary);
    expect(fingerprint(second)).toBe(fingerprint(first));
  });

  it("differs between seeds", async () => {
    const [left, right] = [await playSeed("left"), await playSeed("right")];
    expect(left.summary.ledger.headHash).not.toBe(right.summary.ledger.headHash);
  });

  it("tells the whole story: re-arrangement, penalty, a fallback node that is called and settled", async () => {
    const { summary, world } = await playSeed("deterministic-1");
    expect(BigInt(summary.event.rearrangedWh)).toBeGreaterThan(0n);
    expect(BigInt(summary.money.penaltyMicro)).toBeGreaterThan(0n);
    const requests = world.aggregator.core()?.events()[0]?.requests ?? [];
    expect(requests.map(({ role, state }) => `${role} ${state}`)).toEqual(["primary completed", "fallback completed"]);
    // Called in on the ledger, by the contract that names it.
    expect(summary.contracts.map(({ inPlaceOf }) => inPlaceOf)).toEqual([undefined, "story-1.district"]);
  });
});
