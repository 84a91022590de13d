/** Euclidean distances between all points: one row for each. */
export type Distances = { readonly count: number; readonly between: (left: number, right: number) => number };

/**
 * Points that are compared with each other at most: beyond it the matrix would take more than 130 MB, and whoever has
 * more prosumers segments each feeder or contract type on its own.
 */
export const POINTS_MAX = 4_096;

/** All distances, computed once. */
export function distancesBetween(points: readonly Float64Array[]): Distances {
  const count = points.length;
  const matrix = new Float64Array(count * count);
  points.forEach((left, row) => {
    for (let column = 0; column < row; column += 1) {
      const distance = euclidean(left, points[column] ?? left);
      matrix[row * count + column] = distance;
      matrix[column * count + row] = distance;
    }
  });
  return { count, between: (left, right) => matrix[left * count + right] ?? 0 };
}

/** Over the length of `left`; a shorter `right` counts as zeros. */
export function euclidean(left: Float64Array, right: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < left.length; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    sum += difference * difference;
  }
  return Math.sqrt(sum);
}
