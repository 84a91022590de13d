/**
 * Segments of profiles. Several partitions are made, on the profiles themselves and on their codes, and the one with
 * the best silhouette on the profiles is taken: an embedding has to earn its place for each set of profiles.
 */

import { InvalidInputError } from "../flexibility-error.ts";
import { type Distances, distancesBetween, POINTS_MAX } from "./distances.ts";
import { embedProfiles } from "./embed-profiles.ts";
import { kMeans } from "./k-means.ts";
import { kMedoids } from "./k-medoids.ts";
import { silhouette } from "./silhouette.ts";

/** Profiles or their codes (`embedProfiles`), by k-medoids or k-means. */
export type SegmentationMethod = "profileMedoids" | "profileMeans" | "codeMedoids" | "codeMeans";

/** That of the method with the best silhouette on the profiles; the first of equals. */
export type Segmentation = {
  /** Segment of each profile, 0..k-1. */
  readonly segments: readonly number[];
  readonly method: SegmentationMethod;
  /** Mean silhouette on the profiles. */
  readonly silhouette: number;
  /** What every method reached, for whoever wants to know what the embedding is worth. */
  readonly byMethod: Readonly<Record<SegmentationMethod, number>>;
};

/**
 * Segments profiles into `segmentCount` groups of alike days. Deterministic for a seed.
 *
 * @throws InvalidInputError for more than `POINTS_MAX` profiles, none, or profiles of different lengths
 */
export function segmentProfiles(
  profiles: readonly Float64Array[],
  { segmentCount, seed }: { segmentCount: number; seed: number },
): Segmentation {
  checkProfiles(profiles);
  const distances = distancesBetween(profiles);
  const codes = embedProfiles(profiles, { seed });
  const partitions: Record<SegmentationMethod, number[]> = {
    profileMedoids: kMedoids(distances, segmentCount),
    profileMeans: kMeans(profiles, { segmentCount, seed }),
    codeMedoids: kMedoids(distancesBetween(codes), segmentCount),
    codeMeans: kMeans(codes, { segmentCount, seed }),
  };
  return best(partitions, distances);
}

function best(partitions: Record<SegmentationMethod, number[]>, distances: Distances): Segmentation {
  const methods = Object.keys(partitions) as SegmentationMethod[];
  const scores = methods.map((method) => silhouette(distances, partitions[method]));
  const index = scores.reduce((winner, score, each) => (score > (scores[winner] ?? 0) ? each : winner), 0);
  const method = methods[index] ?? "profileMedoids";
  const byMethod = Object.fromEntries(methods.map((name, each) => [name, scores[each] ?? 0]));
  return {
    segments: partitions[method],
    method,
    silhouette: scores[index] ?? 0,
    byMethod: byMethod as Record<SegmentationMethod, number>,
  };
}

function checkProfiles(profiles: readonly Float64Array[]): void {
  if (profiles.length === 0 || profiles.length > POINTS_MAX) {
    throw new InvalidInputError("profiles", `must be 1 to ${POINTS_MAX}, are ${profiles.length}`);
  }
  const length = profiles[0]?.length;
  if (profiles.some((profile) => profile.length !== length)) {
    throw new InvalidInputError("profiles", "must have one length");
  }
}
