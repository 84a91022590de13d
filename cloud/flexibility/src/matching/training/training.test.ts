import { describe, expect, it } from "vitest";
import { matchByPolicy } from "../match-by-policy.ts";
import { clairvoyantValue } from "../match-clairvoyantly.ts";
import { matchGreedily } from "../match-greedily.ts";
import { TRAINED_POLICY } from "../trained-policy.ts";
import { MatchingWorld, playWorld } from "./matching-world.ts";
import { SeededDraws } from "./seeded-draws.ts";
import { settleMargin, trainPolicy } from "./train-policy.ts";

/** Thirty days of a household-like curve with noise: small, made here, the same everywhere. */
const profiles = Array.from({ length: 8 }, (_, index) => {
  const draws = new SeededDraws(index);
  const quarterWh = Float64Array.from({ length: 30 * 96 }, (_, quarter) => {
    const isEvening = quarter % 96 > 68 && quarter % 96 < 88;
    return (isEvening ? 250 : 90) * draws.between(0.7, 1.3);
  });
  return { name: `p${index}`, quarterWh };
});
const SHAPE = { seed: 3, supplierCount: 20, eventCount: 4, unreliableShare: 0.3, profilesPerSupplier: 1 };
const TINY = { seed: 5, lessons: 12, generations: 2, pairs: 2, worldsPerGeneration: 2 };

describe("SeededDraws", () => {
  it("repeats itself, and its values spread over the range", () => {
    const [one, other] = [new SeededDraws(9), new SeededDraws(9)];
    const values = Array.from({ length: 1000 }, () => one.next());
    expect(values).toEqual(Array.from({ length: 1000 }, () => other.next()));
    expect(Math.min(...values)).toBeLessThan(0.01);
    expect(Math.max(...values)).toBeGreaterThan(0.99);
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  });
});

describe("the world", () => {
  it("is the same for the same seed and another for another", () => {
    const events = (seed: number) => JSON.stringify(new MatchingWorld({ ...SHAPE, seed }, profiles).events);
    expect(events(3)).toBe(events(3));
    expect(events(3)).not.toBe(events(4));
  });

  it("lets nobody earn more than the one who knows everything", async () => {
    const world = new MatchingWorld(SHAPE, profiles);
    const played = [
      playWorld(world, (request) => matchByPolicy(request, TRAINED_POLICY)),
      playWorld(world, matchGreedily),
    ];
    for (const [event, { units }] of world.events.entries()) {
      let best = 0;
      for (const { request, truth } of units) best += await clairvoyantValue(request, truth);
      for (const outcomes of played) expect(outcomes[event]?.value).toBeLessThanOrEqual(best + 1e-6);
    }
  });
});

describe("trainPolicy", () => {
  it("gives the same policy to the last bit for the same seed", () => {
    const [first, second] = [trainPolicy(profiles, TINY), trainPolicy(profiles, TINY)];
    expect([...Array.from(first.weights), first.marginShare]).toEqual([
      ...Array.from(second.weights),
      second.marginShare,
    ]);
    const other = trainPolicy(profiles, { ...TINY, seed: 6 });
    expect(Array.from(other.weights)).not.toEqual(Array.from(first.weights));
  });
});

describe("settleMargin", () => {
  it("keeps the network and takes a margin that earns no less than none", () => {
    const settled = settleMargin({ ...TRAINED_POLICY, marginShare: 0.5, marginPerSpread: 2 }, profiles, TINY);
    expect(settled.weights).toBe(TRAINED_POLICY.weights);
    expect(settled.marginShare).toBeLessThan(0.05);
    expect(settled.marginPerSpread).toBeLessThanOrEqual(0.2);
  });
});
