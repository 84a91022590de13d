import { strict as assert } from "node:assert";
import {
  type AcceptedEnvelope,
  type AcceptedReading,
  type BatchOutcome,
  keepsRows,
  type PlacedReading,
  type WindowDelta,
} from "./engine.ts";
import type { OutcomeOptions } from "./outcome-builder.ts";

/** An outcome whose envelopes and readings are objects from the start. */
export class ListedOutcome implements BatchOutcome {
  readonly verdicts: Uint8Array;
  readonly envelopes: readonly AcceptedEnvelope[];
  readonly windows: readonly WindowDelta[];
  readonly lineProtocol: Uint8Array;
  readonly #options: OutcomeOptions;
  readonly #readings: readonly AcceptedReading[];

  constructor(
    options: OutcomeOptions,
    parts: Pick<BatchOutcome, "verdicts" | "envelopes" | "readings" | "windows" | "lineProtocol">,
  ) {
    this.#options = options;
    this.verdicts = parts.verdicts;
    this.envelopes = parts.envelopes;
    this.#readings = parts.readings;
    this.windows = parts.windows;
    this.lineProtocol = parts.lineProtocol;
  }

  get readings(): readonly AcceptedReading[] {
    assert(keepsRows(this.#options.rows, "readings"), "the engine was opened to keep no readings");
    return this.#readings;
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
    const { mtuMs } = this.#options;
    let position = 0;
    return this.envelopes.flatMap(({ walSeq, readingCount }) => {
      const readings = this.#readings.slice(position, position + readingCount);
      position += readingCount;
      return readings.flatMap((reading, readingIndex) =>
        reading.measuredAtUnixMs % mtuMs === 0 ? { walSeq, readingIndex, reading } : [],
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
