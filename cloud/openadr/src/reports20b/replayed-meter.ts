import type { Meter, SampleInterval } from "./offered-report.ts";

const HOUR_MS = 3_600_000;

/** A household on a working day, in W for each hour of the day (UTC). */
const HOUSEHOLD_POWER_W: readonly number[] = [
  180, 160, 150, 150, 160, 220, 480, 620, 430, 310, 290, 340, 420, 350, 300, 320, 480, 860, 1_140, 980, 760, 540, 360,
  240,
];

/**
 * A meter that plays a series of powers over and over, so that a VEN has something to report where no device is. Usage
 * is the energy in Wh between two instants; one instant has the power of that moment in W.
 */
export class ReplayedMeter implements Meter {
  readonly #powersW: readonly number[];
  readonly #stepMs: number;

  constructor(powersW: readonly number[] = HOUSEHOLD_POWER_W, stepMs: number = HOUR_MS) {
    if (powersW.length === 0 || stepMs <= 0) throw new RangeError("a series needs a value and a step");
    this.#powersW = powersW;
    this.#stepMs = stepMs;
  }

  sample({ startUnixMs, endUnixMs }: SampleInterval) {
    const value = endUnixMs > startUnixMs ? this.#energyWh(startUnixMs, endUnixMs) : this.#powerW(startUnixMs);
    return { kind: "payloadFloat", value } as const;
  }

  /** Rounded to a thousandth, as floats of six digits are what the wire carries faithfully. */
  #energyWh(startUnixMs: number, endUnixMs: number): number {
    let wattMs = 0;
    let at = startUnixMs;
    while (at < endUnixMs) {
      const next = Math.min((Math.floor(at / this.#stepMs) + 1) * this.#stepMs, endUnixMs);
      wattMs += this.#powerW(at) * (next - at);
      at = next;
    }
    return Math.round((wattMs / HOUR_MS) * 1_000) / 1_000;
  }

  #powerW(atUnixMs: number): number {
    return this.#powersW[Math.floor(atUnixMs / this.#stepMs) % this.#powersW.length] ?? 0;
  }
}
