/**
 * Weighted ridge regression by normal equations, fed row by row: old rows fade, so one pass over a history serves a
 * rolling backtest and the final model alike. Features are scaled by their own root mean square, else a penalty would
 * hit small ones hardest. Written here because it has to be deterministic, incremental and quick for a hundred
 * thousand small solutions; the arithmetic is textbook (Hoerl and Kennard 1970; Cholesky).
 */
export class RidgeSums {
  readonly #size: number;
  /** Lower triangle of the sums of products, row by row. */
  readonly #products: Float64Array;
  readonly #targets: Float64Array;
  #weight = 0;

  constructor(size: number) {
    this.#size = size;
    this.#products = new Float64Array(size * size);
    this.#targets = new Float64Array(size);
  }

  /** Everything learnt so far counts `share` of what it did. */
  fade(share: number): void {
    scale(this.#products, share);
    scale(this.#targets, share);
    this.#weight *= share;
  }

  /** Adds one row of features with the value that they should have predicted. */
  add(features: Float64Array, target: number): void {
    const size = this.#size;
    for (let row = 0; row < size; row += 1) {
      const feature = features[row] ?? 0;
      if (feature === 0) continue;
      this.#targets[row] = (this.#targets[row] ?? 0) + feature * target;
      for (let column = 0; column <= row; column += 1) {
        const cell = row * size + column;
        this.#products[cell] = (this.#products[cell] ?? 0) + feature * (features[column] ?? 0);
      }
    }
    this.#weight += 1;
  }

  /**
   * Coefficients of the first `activeCount` features that minimise squared error + penalty; the others are zero, and so
   * is a feature that never differed from zero. A penalty of 1 halves what a lone feature would explain.
   */
  solve(penalty: number, activeCount: number): Float64Array {
    const rootMeanSquares = Float64Array.from({ length: activeCount }, (_, row) =>
      Math.sqrt((this.#products[row * this.#size + row] ?? 0) / Math.max(1, this.#weight)),
    );
    const system = this.#scaledSystem(rootMeanSquares, penalty);
    solveSymmetric(system.matrix, system.right);
    return Float64Array.from({ length: this.#size }, (_, row) => {
      const deviation = rootMeanSquares[row] ?? 0;
      return deviation > 0 ? (system.right[row] ?? 0) / deviation : 0;
    });
  }

  #scaledSystem(deviations: Float64Array, penalty: number): { matrix: Float64Array; right: Float64Array } {
    const count = deviations.length;
    const matrix = new Float64Array(count * count);
    // A feature that never differed from zero gets the factor zero, which takes it out of the system.
    const factors = deviations.map((deviation) => (deviation > 0 ? 1 / (deviation * Math.sqrt(this.#weight)) : 0));
    const factorAt = (row: number) => factors[row] ?? 0;
    for (let row = 0; row < count; row += 1) {
      for (let column = 0; column < row; column += 1) {
        const product = this.#products[row * this.#size + column] ?? 0;
        matrix[row * count + column] = product * factorAt(row) * factorAt(column);
      }
      matrix[row * count + row] = 1 + penalty;
    }
    const scaled = Math.sqrt(Math.max(1, this.#weight));
    const right = Float64Array.from(
      { length: count },
      (_, row) => ((this.#targets[row] ?? 0) * factorAt(row)) / scaled,
    );
    return { matrix, right };
  }
}

function scale(values: Float64Array, factor: number): void {
  for (let index = 0; index < values.length; index += 1) values[index] = (values[index] ?? 0) * factor;
}

/**
 * Solves in place by Cholesky decomposition: `right` becomes the solution. Only the lower triangle is read; the penalty
 * on the diagonal keeps it positive definite.
 */
function solveSymmetric(matrix: Float64Array, right: Float64Array): void {
  const size = right.length;
  for (let row = 0; row < size; row += 1) decomposeRow(matrix, size, row);
  for (let row = 0; row < size; row += 1) {
    let rest = right[row] ?? 0;
    for (let column = 0; column < row; column += 1) rest -= (matrix[row * size + column] ?? 0) * (right[column] ?? 0);
    right[row] = rest / (matrix[row * size + row] ?? 1);
  }
  substituteBack(matrix, right);
}

/** Solves with the transpose of the lower triangle, in place. */
function substituteBack(matrix: Float64Array, right: Float64Array): void {
  const size = right.length;
  for (let row = size - 1; row >= 0; row -= 1) {
    let rest = right[row] ?? 0;
    for (let below = row + 1; below < size; below += 1) rest -= (matrix[below * size + row] ?? 0) * (right[below] ?? 0);
    right[row] = rest / (matrix[row * size + row] ?? 1);
  }
}

/** The rows above MUST be decomposed already. */
function decomposeRow(matrix: Float64Array, size: number, row: number): void {
  for (let column = 0; column <= row; column += 1) {
    let rest = matrix[row * size + column] ?? 0;
    for (let index = 0; index < column; index += 1) {
      rest -= (matrix[row * size + index] ?? 0) * (matrix[column * size + index] ?? 0);
    }
    matrix[row * size + column] = row === column ? Math.sqrt(rest) : rest / (matrix[column * size + column] ?? 1);
  }
}
