import { euclidean } from "./distances.ts";
import { renumbered } from "./k-medoids.ts";
import { seededRandom } from "./seeded-random.ts";

/** Starts from different seeds; the one with the least loss is kept. */
const STARTS = 10;
/** Rounds end when no point changes its segment; a bound on the work for points where rounding keeps them going. */
const ROUNDS_MAX = 100;

/**
 * K-means (Lloyd 1982) with spread starts (k-means++, Arthur and Vassilvitskii 2007). Deterministic for a seed.
 *
 * @returns the segment of each point, numbered in the order in which they first occur
 */
export function kMeans(
  points: readonly Float64Array[],
  { segmentCount, seed }: { segmentCount: number; seed: number },
): number[] {
  const random = seededRandom(seed);
  let best = { loss: Number.POSITIVE_INFINITY, segments: points.map(() => 0) };
  for (let start = 0; start < STARTS; start += 1) {
    const found = settle(points, spreadStart(points, Math.min(segmentCount, points.length), random));
    if (found.loss < best.loss) best = found;
  }
  return renumbered(best.segments);
}

/** Each next centre is drawn with a chance that grows with the square of its distance to the centres so far. */
function spreadStart(points: readonly Float64Array[], count: number, random: () => number): Float64Array[] {
  const centres = [points[Math.floor(random() * points.length)] ?? new Float64Array(0)];
  while (centres.length < count) {
    const squares = points.map((point) => squareToNearest(point, centres));
    let rest = random() * squares.reduce((sum, square) => sum + square, 0);
    const chosen = squares.findIndex((square) => {
      rest -= square;
      return rest <= 0 && square > 0;
    });
    centres.push(points[Math.max(0, chosen)] ?? new Float64Array(0));
  }
  return centres;
}

function settle(points: readonly Float64Array[], start: Float64Array[]): { loss: number; segments: number[] } {
  let centres = start;
  let segments: number[] = [];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const next = points.map((point) => nearestIndex(point, centres));
    if (next.every((segment, index) => segment === segments[index])) break;
    segments = next;
    centres = centres.map((centre, segment) =>
      centreOf(
        points.filter((_, index) => next[index] === segment),
        centre,
      ),
    );
  }
  return { loss: points.reduce((sum, point) => sum + squareToNearest(point, centres), 0), segments };
}

/** An empty segment keeps its centre: it may find points again. */
function centreOf(points: readonly Float64Array[], previous: Float64Array): Float64Array {
  if (points.length === 0) return previous;
  return previous.map((_, index) => points.reduce((sum, point) => sum + (point[index] ?? 0), 0) / points.length);
}

function nearestIndex(point: Float64Array, centres: readonly Float64Array[]): number {
  const distances = centres.map((centre) => euclidean(point, centre));
  return distances.indexOf(Math.min(...distances));
}

function squareToNearest(point: Float64Array, centres: readonly Float64Array[]): number {
  const nearest = Math.min(...centres.map((centre) => euclidean(point, centre)));
  return nearest * nearest;
}
