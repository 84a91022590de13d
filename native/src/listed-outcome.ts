import type { AcceptedEnvelope, AcceptedReading, BatchOutcome, PlacedReading, WindowDelta } from "./engine.ts";

/** An outcome whose envelopes, and the readings that it answers from, are objects from the start. */
export class ListedOutcome implements BatchOutcome {
  readonly verdicts: Uint8Array;
  readonly envelopes: readonly AcceptedEnvelope[];
  readonly windows: readonly WindowDelta[];
  readonly #mtuMs: number;
  readonly #readings: readonly AcceptedReading[];

  constructor(
    mtuMs: number,
    parts: Pick<BatchOutcome, "verdicts" | "envelopes" | "windows"> & { readings: readonly AcceptedReading[] },
  ) {
    this.#mtuMs = mtuMs;
    this.verdicts = parts.verdicts;
    this.envelopes = parts.envelopes;
    this.#readings = parts.readings;
    this.windows = parts.windows;
  }

  get readingCount(): number {
    return this.#readings.length;
  }

  get walRange(): BatchOutcome["walRange"] {
    const [first, last] = [this.envelopes[0], this.envelopes.at(-1)];
    return first === undefined || last === undefined ? undefined : { start: first.walSeq, end: last.walSeq + 1n };
  }

  walSeqOf(index: number): bigint {
    return (this.envelopes[index] as AcceptedEnvelope).walSeq;
  }

  leafHashes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.envelopes.map(({ leafHash }) => leafHash)));
  }

  boundaryReadings(): PlacedReading[] {
    let position = 0;
    return this.envelopes.flatMap(({ walSeq, readingCount }) => {
      const readings = this.#readings.slice(position, position + readingCount);
      position += readingCount;
      return readings.flatMap((reading, readingIndex) =>
        reading.measuredAtUnixMs % this.#mtuMs === 0 ? { walSeq, readingIndex, reading } : [],
      );
    });
  }

  newestReadings(): AcceptedReading[] {
    const newest = new Map<string, AcceptedReading>();
    for (const reading of this.#readings) {
      const known = newest.get(reading.deviceId);
      if (known === undefined || reading.measuredAtUnixMs > known.measuredAtUnixMs)
        newest.set(reading.deviceId, reading);
    }
    return [...newest.values()];
  }
}
