import { envelopeLeafHash } from "@gridpact/proto";
import type { AcceptedEnvelope, AcceptedReading, BatchOutcome } from "./engine.ts";
import type { DecodedEnvelope, DecodedReading } from "./envelope-decode.ts";
import type { Acceptance } from "./judge.ts";
import { ListedOutcome } from "./listed-outcome.ts";
import { WindowSums } from "./window-sums.ts";

/** Collects what a batch brings to the views, envelope by envelope, in order. */
export class OutcomeBuilder {
  readonly #verdicts: number[] = [];
  readonly #envelopes: AcceptedEnvelope[] = [];
  readonly #readings: AcceptedReading[] = [];
  readonly #windows: WindowSums;
  readonly #mtuMs: number;

  /** @param mtuMs length of a market time unit */
  constructor(mtuMs: number) {
    this.#mtuMs = mtuMs;
    this.#windows = new WindowSums(mtuMs);
  }

  addVerdict(verdict: number): void {
    this.#verdicts.push(verdict);
  }

  addAcceptance(acceptance: Acceptance, logged: { walSeq: bigint; feeder: string }): void {
    const { envelope, placement } = acceptance;
    const { deviceId, bootEpoch, firstSeq, readings } = envelope;
    this.#envelopes.push({
      walSeq: logged.walSeq,
      deviceId,
      bootEpoch,
      firstSeq,
      readingCount: readings.length,
      firstMeasuredAtUnixMs: readings[0]?.measuredAtUnixMs ?? 0,
      lastMeasuredAtUnixMs: readings.at(-1)?.measuredAtUnixMs ?? 0,
      leafHash: new Uint8Array(envelopeLeafHash(envelope)),
      isAfterGap: placement.isAfterGap,
    });
    for (const [index, reading] of readings.entries()) {
      this.#windows.add(logged.feeder, reading.measuredAtUnixMs, energyBefore(acceptance, index, reading));
    }
    this.#readings.push(...readingsIn(envelope));
  }

  build(): BatchOutcome {
    return new ListedOutcome(this.#mtuMs, {
      verdicts: Uint8Array.from(this.#verdicts),
      envelopes: this.#envelopes,
      readings: this.#readings,
      windows: this.#windows.deltas(),
    });
  }
}

/** An accepted envelope's readings, each with its number. */
export function readingsIn({ deviceId, bootEpoch, firstSeq, readings }: DecodedEnvelope): AcceptedReading[] {
  return readings.map((reading, index) => ({ deviceId, bootEpoch, seq: firstSeq + BigInt(index), ...reading }));
}

/** Energy since the reading before; none for what fills a gap, as the reading after the gap has counted it. */
function energyBefore(
  { envelope, placement }: Acceptance,
  index: number,
  reading: DecodedReading,
): { importWh: bigint; exportWh: bigint } {
  const before = placement.isContinuous ? placement.before : undefined;
  const previous = envelope.readings[index - 1] ?? before;
  if (placement.gap !== undefined || previous === undefined) return { importWh: 0n, exportWh: 0n };
  return { importWh: reading.importWh - previous.importWh, exportWh: reading.exportWh - previous.exportWh };
}
