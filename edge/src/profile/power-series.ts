import { strict as assert } from "node:assert";

/**
 * Energy of models and meters before it is rounded to register Wh: W * ms, exact in integers.
 * 1 Wh = 3,600,000 W * ms.
 */
export const WATT_MS_PER_WH = 3_600_000n;

/**
 * Mean power of equal steps, as a function of time without end: after its last step the series repeats itself,
 * so a replay never runs out. Its span should be whole weeks, so that days of the week stay true.
 */
export class PowerSeries {
  readonly stepMs: number;
  readonly #startUnixMs: number;
  readonly #valuesW: readonly bigint[];
  /** Energy before each step, W * ms; one more entry than steps. Makes the energy of any span one subtraction. */
  readonly #energyBeforeWattMs: readonly bigint[];

  constructor(options: { startUnixMs: number; stepMs: number; valuesW: readonly bigint[] }) {
    assert(options.valuesW.length > 0 && options.stepMs > 0, "a power series has at least one step");
    this.stepMs = options.stepMs;
    this.#startUnixMs = options.startUnixMs;
    this.#valuesW = options.valuesW;
    const before = [0n];
    for (const [index, powerW] of options.valuesW.entries()) {
      before.push((before[index] as bigint) + powerW * BigInt(options.stepMs));
    }
    this.#energyBeforeWattMs = before;
  }

  /** The same power for ever. */
  static constant(powerW: bigint): PowerSeries {
    return new PowerSeries({ startUnixMs: 0, stepMs: CONSTANT_STEP_MS, valuesW: [powerW] });
  }

  /** Mean power of the step that contains the instant, W. */
  powerWAt(unixMs: number): bigint {
    const { offsetMs } = this.#locate(unixMs);
    return this.#valuesW[Math.floor(offsetMs / this.stepMs)] as bigint;
  }

  /** Energy in [fromUnixMs, toUnixMs), W * ms. */
  energyWattMs(fromUnixMs: number, toUnixMs: number): bigint {
    assert(fromUnixMs <= toUnixMs, "an interval ends after it starts");
    return this.#energyUntil(toUnixMs) - this.#energyUntil(fromUnixMs);
  }

  /** Highest power of any step: the best guess at a rating that a profile allows. */
  maxW(): bigint {
    let highestW = this.#valuesW[0] as bigint;
    for (const powerW of this.#valuesW) if (powerW > highestW) highestW = powerW;
    return highestW;
  }

  /** The given share of every step, rounded down to whole W. */
  scaled(perMille: bigint): PowerSeries {
    return this.#map((powerW) => (powerW * perMille) / 1_000n);
  }

  /** What is left of every step without `part`, which MUST have the same steps. */
  minus(part: PowerSeries): PowerSeries {
    assert(part.#valuesW.length === this.#valuesW.length && part.stepMs === this.stepMs, "series of one shape");
    return this.#map((powerW, index) => powerW - (part.#valuesW[index] as bigint));
  }

  #map(change: (powerW: bigint, index: number) => bigint): PowerSeries {
    return new PowerSeries({
      startUnixMs: this.#startUnixMs,
      stepMs: this.stepMs,
      valuesW: this.#valuesW.map(change),
    });
  }

  #locate(unixMs: number): { repetition: number; offsetMs: number } {
    const spanMs = this.stepMs * this.#valuesW.length;
    const repetition = Math.floor((unixMs - this.#startUnixMs) / spanMs);
    return { repetition, offsetMs: unixMs - this.#startUnixMs - repetition * spanMs };
  }

  /** Energy since the series' own start, W * ms; negative before it. */
  #energyUntil(unixMs: number): bigint {
    const { repetition, offsetMs } = this.#locate(unixMs);
    const step = Math.floor(offsetMs / this.stepMs);
    const whole = this.#energyBeforeWattMs.at(-1) as bigint;
    const inStep = (this.#valuesW[step] as bigint) * BigInt(offsetMs - step * this.stepMs);
    return BigInt(repetition) * whole + (this.#energyBeforeWattMs[step] as bigint) + inStep;
  }
}

/** Any step will do for a constant; a quarter of an hour divides every other one in use. */
const CONSTANT_STEP_MS = 900_000;
