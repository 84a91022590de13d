import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../flexibility-error.ts";
import { distancesBetween, POINTS_MAX } from "./distances.ts";
import { embedProfiles } from "./embed-profiles.ts";
import { kMeans } from "./k-means.ts";
import { kMedoids } from "./k-medoids.ts";
import { seededRandom } from "./seeded-random.ts";
import { segmentProfiles } from "./segment-profiles.ts";
import { silhouette } from "./silhouette.ts";

/** Early and late risers, with noise: two kinds of days that anyone can tell apart. */
function risers(count: number, seed = 1): Float64Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const peak = index % 2 === 0 ? 7 : 20;
    return Float64Array.from({ length: 24 }, (_, hour) => (Math.abs(hour - peak) < 2 ? 5 : 1) + random());
  });
}

const alternating = (count: number) => Array.from({ length: count }, (_, index) => index % 2);

describe("segmentProfiles", () => {
  it("tells two kinds of days apart, by every method", () => {
    const found = segmentProfiles(risers(40), { segmentCount: 2, seed: 3 });
    expect(found.segments).toEqual(alternating(40));
    expect(new Set(Object.values(found.byMethod))).toEqual(new Set([found.silhouette]));
    expect(found.silhouette).toBeGreaterThan(0.5);
  });

  it("is never worse than k-medoids on the profiles, and says who won", () => {
    const noise = risers(60).map((profile, index) =>
      profile.map((value, hour) => value + ((index * 31 + hour * 17) % 7)),
    );
    for (const segmentCount of [2, 3, 5]) {
      const found = segmentProfiles(noise, { segmentCount, seed: 3 });
      expect(found.silhouette).toBeGreaterThanOrEqual(found.byMethod.profileMedoids);
      expect(found.byMethod[found.method]).toBe(found.silhouette);
    }
  });

  it("gives the same segments for the same seed", () => {
    const once = segmentProfiles(risers(30), { segmentCount: 3, seed: 9 });
    expect(segmentProfiles(risers(30), { segmentCount: 3, seed: 9 })).toEqual(once);
  });

  it("puts a lone profile, and profiles without any difference, into one segment each or all", () => {
    expect(segmentProfiles([new Float64Array(4)], { segmentCount: 3, seed: 1 }).segments).toEqual([0]);
    const same = segmentProfiles([new Float64Array(4), new Float64Array(4)], { segmentCount: 1, seed: 1 });
    expect(same.segments).toEqual([0, 0]);
    expect(same.silhouette).toBe(0);
  });

  it("takes as many profiles as it may, and rejects more, none and unequal ones", () => {
    const reject = (profiles: Float64Array[]) =>
      expect(() => segmentProfiles(profiles, { segmentCount: 2, seed: 1 })).toThrow(InvalidInputError);
    reject([]);
    reject([new Float64Array(2), new Float64Array(3)]);
    reject(Array.from({ length: POINTS_MAX + 1 }, () => new Float64Array(1)));
  });
});

describe("embedProfiles", () => {
  it("draws alike profiles to like codes", () => {
    const codes = embedProfiles(risers(40), { seed: 5, codeSize: 2 });
    expect(codes[0]).toHaveLength(2);
    expect(silhouette(distancesBetween(codes), alternating(40))).toBeGreaterThan(0.6);
  });

  it("learns another network from another seed", () => {
    expect(embedProfiles(risers(10), { seed: 5 })).not.toEqual(embedProfiles(risers(10), { seed: 6 }));
  });
});

describe("kMedoids and kMeans", () => {
  const line = [0, 1, 2, 10, 11, 12, 30].map((value) => Float64Array.of(value));

  it("part a line where its gaps are", () => {
    expect(kMedoids(distancesBetween(line), 3)).toEqual([0, 0, 0, 1, 1, 1, 2]);
    expect(kMeans(line, { segmentCount: 3, seed: 2 })).toEqual([0, 0, 0, 1, 1, 1, 2]);
  });

  it("make no more segments than there are points", () => {
    expect(kMedoids(distancesBetween(line.slice(0, 2)), 5)).toEqual([0, 1]);
    expect(kMeans(line.slice(0, 2), { segmentCount: 5, seed: 2 })).toEqual([0, 1]);
  });
});

describe("silhouette", () => {
  it("is near one for far segments, below zero for wrong ones, and zero for a point alone", () => {
    const points = distancesBetween([0, 1, 100, 101].map((value) => Float64Array.of(value)));
    expect(silhouette(points, [0, 0, 1, 1])).toBeCloseTo(0.99, 2);
    expect(silhouette(points, [0, 1, 0, 1])).toBeLessThan(0);
    expect(silhouette(points, [0, 1, 2, 3])).toBe(0);
  });
});
