import type { Distances } from "./distances.ts";

/**
 * Mean silhouette (Rousseeuw 1987): how much nearer points are to their own segment than to the next, -1..1. A point
 * alone in its segment counts zero; zero as well when there is only one segment.
 */
export function silhouette(distances: Distances, segments: readonly number[]): number {
  const segmentCount = 1 + Math.max(-1, ...segments);
  const sizes = Array.from(
    { length: segmentCount },
    (_, segment) => segments.filter((each) => each === segment).length,
  );
  if (segmentCount < 2) return 0;
  const sum = segments.reduce((total, own, point) => total + silhouetteOf(point, own), 0);
  return sum / segments.length;

  function silhouetteOf(point: number, own: number): number {
    const ownSize = sizes[own] ?? 0;
    if (ownSize < 2) return 0;
    const sums = new Float64Array(segmentCount);
    segments.forEach((segment, other) => {
      sums[segment] = (sums[segment] ?? 0) + distances.between(point, other);
    });
    const toOwn = (sums[own] ?? 0) / (ownSize - 1);
    const toOthers = Array.from(sums, (each, segment) =>
      segment === own ? Number.POSITIVE_INFINITY : each / (sizes[segment] ?? 1),
    );
    const toNext = Math.min(...toOthers);
    const larger = Math.max(toOwn, toNext);
    return larger === 0 ? 0 : (toNext - toOwn) / larger;
  }
}
