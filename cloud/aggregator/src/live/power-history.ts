/** Mean import of a virtual node at one heartbeat. */
export type PowerSample = { atUnixMs: number; importW: number };

/** Two hours of minutes: what a sparkline can show. Kept in memory only; a restart begins a new line. */
const SAMPLES_MAX = 120;

/** Newest heartbeats of each node, for the page. */
export class PowerHistory {
  readonly #samples = new Map<string, PowerSample[]>();

  add(vnId: string, sample: PowerSample): void {
    this.#samples.set(vnId, [...this.of(vnId), sample].slice(-SAMPLES_MAX));
  }

  of(vnId: string): PowerSample[] {
    return this.#samples.get(vnId) ?? [];
  }
}
