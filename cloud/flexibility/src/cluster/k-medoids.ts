import type { Distances } from "./distances.ts";

/** Passes over all points in search of a better medoid; a handful is usual, and the loss falls with each. */
const PASSES_MAX = 30;

/**
 * Partition around medoids (Kaufman and Rousseeuw 1990): a greedy start, then swaps of a medoid for another point while
 * that brings all points nearer to their medoids. Deterministic.
 *
 * @returns the segment of each point, 0..count-1, numbered in the order in which they first occur
 */
export function kMedoids(distances: Distances, segmentCount: number): number[] {
  let medoids = greedyStart(distances, Math.min(segmentCount, distances.count));
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const improved = improvedBySwaps(distances, medoids);
    if (improved === medoids) break;
    medoids = improved;
  }
  return renumbered(nearestOf(distances, medoids));
}

/** Segments numbered in the order in which they first occur, so that equal partitions are equal arrays. */
export function renumbered(segments: readonly number[]): number[] {
  const numbers = new Map<number, number>();
  return segments.map((segment) => {
    const known = numbers.get(segment) ?? numbers.size;
    numbers.set(segment, known);
    return known;
  });
}

function greedyStart(distances: Distances, count: number): number[] {
  const medoids: number[] = [];
  const nearest = new Float64Array(distances.count).fill(Number.POSITIVE_INFINITY);
  while (medoids.length < count) {
    const losses = Array.from({ length: distances.count }, (_, point) =>
      medoids.includes(point) ? Number.POSITIVE_INFINITY : lossWith(distances, nearest, point),
    );
    const best = losses.reduce((winner, loss, point) => (loss < (losses[winner] ?? 0) ? point : winner), 0);
    medoids.push(best);
    nearest.forEach((distance, other) => {
      nearest[other] = Math.min(distance, distances.between(other, best));
    });
  }
  return medoids;
}

function lossWith(distances: Distances, nearest: Float64Array, point: number): number {
  let loss = 0;
  for (let other = 0; other < distances.count; other += 1) {
    loss += Math.min(nearest[other] ?? 0, distances.between(other, point));
  }
  return loss;
}

type Nearness = {
  readonly first: Int32Array;
  readonly firstDistance: Float64Array;
  readonly secondDistance: Float64Array;
};

/** The medoids after the best swap of each medoid's; the same array when none helps. */
function improvedBySwaps(distances: Distances, medoids: number[]): number[] {
  let current = medoids;
  for (let point = 0; point < distances.count; point += 1) {
    if (current.includes(point)) continue;
    const nearness = nearnessOf(distances, current);
    const gains = swapGains(distances, nearness, point, current.length);
    const best = gains.reduce((winner, gain, index) => (gain > (gains[winner] ?? 0) ? index : winner), 0);
    // A gain below rounding would swap for ever.
    if ((gains[best] ?? 0) > 1e-9) current = current.map((medoid, index) => (index === best ? point : medoid));
  }
  return current;
}

function nearnessOf(distances: Distances, medoids: readonly number[]): Nearness {
  const first = new Int32Array(distances.count);
  const firstDistance = new Float64Array(distances.count).fill(Number.POSITIVE_INFINITY);
  const secondDistance = new Float64Array(distances.count).fill(Number.POSITIVE_INFINITY);
  const consider = (point: number, medoid: number, index: number) => {
    const distance = distances.between(point, medoid);
    const isNearest = distance < (firstDistance[point] ?? 0);
    const second = isNearest ? (firstDistance[point] ?? 0) : distance;
    secondDistance[point] = Math.min(secondDistance[point] ?? 0, second);
    if (!isNearest) return;
    firstDistance[point] = distance;
    first[point] = index;
  };
  for (let point = 0; point < distances.count; point += 1) {
    medoids.forEach((medoid, index) => {
      consider(point, medoid, index);
    });
  }
  return { first, firstDistance, secondDistance };
}

/** How much the loss falls when `point` takes the place of each medoid (the shared sums of FastPAM, Schubert 2019). */
function swapGains(distances: Distances, nearness: Nearness, point: number, medoidCount: number): Float64Array {
  const gains = new Float64Array(medoidCount);
  let gainForAll = 0;
  for (let other = 0; other < distances.count; other += 1) {
    const toPoint = distances.between(other, point);
    const toFirst = nearness.firstDistance[other] ?? 0;
    const medoid = nearness.first[other] ?? 0;
    const gain = Math.max(0, toFirst - toPoint);
    gainForAll += gain;
    const afterRemoval = Math.min(toPoint, nearness.secondDistance[other] ?? 0);
    gains[medoid] = (gains[medoid] ?? 0) + toFirst - afterRemoval - gain;
  }
  return gains.map((gain) => gain + gainForAll);
}

function nearestOf(distances: Distances, medoids: readonly number[]): number[] {
  return Array.from(nearnessOf(distances, medoids).first);
}
