import type { WindowDelta } from "./engine.ts";

/**
 * Energy and number of readings per feeder and market time unit, in order of first touch.
 * ```
 * 00:00            00:15            00:30      mtu 15 min
 *   |---- window -----|---- window -----|
 *        r1      r2   r3   r4                  r3 stands on the boundary: its energy belongs to the window it ends
 * ```
 */
export class WindowSums {
  readonly #mtuMs: number;
  readonly #byFeeder = new Map<string, Map<number, WindowDelta>>();
  readonly #inOrder: WindowDelta[] = [];

  constructor(mtuMs: number) {
    this.#mtuMs = mtuMs;
  }

  /** Adds the energy between the reading measured at `measuredAtUnixMs` and the one before it. */
  add(feeder: string, measuredAtUnixMs: number, energy: { importWh: bigint; exportWh: bigint }): void {
    const delta = this.#window(feeder, measuredAtUnixMs);
    delta.importWh += energy.importWh;
    delta.exportWh += energy.exportWh;
    delta.readingCount += 1;
  }

  deltas(): WindowDelta[] {
    return this.#inOrder;
  }

  #window(feeder: string, measuredAtUnixMs: number): WindowDelta {
    // The energy was used before the instant of the reading, hence the last millisecond before it decides.
    const lastMs = measuredAtUnixMs - 1;
    const startUnixMs = lastMs - (lastMs % this.#mtuMs);
    const windows = this.#byFeeder.get(feeder) ?? new Map<number, WindowDelta>();
    this.#byFeeder.set(feeder, windows);
    const known = windows.get(startUnixMs);
    if (known !== undefined) return known;
    const delta: WindowDelta = { feeder, startUnixMs, importWh: 0n, exportWh: 0n, readingCount: 0 };
    windows.set(startUnixMs, delta);
    this.#inOrder.push(delta);
    return delta;
  }
}
