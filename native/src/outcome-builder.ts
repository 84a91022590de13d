import { envelopeLeafHash } from "@gridpact/proto";
import {
  type AcceptedEnvelope,
  type AcceptedReading,
  type BatchOutcome,
  keepsRows,
  type ReadingRows,
} from "./engine.ts";
import type { DecodedReading } from "./envelope-decode.ts";
import type { Acceptance } from "./judge.ts";
import { LineProtocol } from "./line-protocol.ts";
import { ListedOutcome } from "./listed-outcome.ts";
import { WindowSums } from "./window-sums.ts";

/** What an outcome is made for. */
export type OutcomeOptions = { mtuMs: number; rows: ReadingRows };

/** Collects what a batch brings to the views, envelope by envelope, in order. */
export class OutcomeBuilder {
  readonly #verdicts: number[] = [];
  readonly #envelopes: AcceptedEnvelope[] = [];
  readonly #readings: AcceptedReading[] = [];
  readonly #windows: WindowSums;
  readonly #lines: LineProtocol | undefined;
  readonly #options: OutcomeOptions;

  constructor(options: OutcomeOptions) {
    this.#options = options;
    this.#windows = new WindowSums(options.mtuMs);
    this.#lines = keepsRows(options.rows, "line-protocol") ? new LineProtocol() : undefined;
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
      const accepted: AcceptedReading = { deviceId, bootEpoch, seq: firstSeq + BigInt(index), ...reading };
      this.#readings.push(accepted);
      this.#lines?.add(accepted, logged.feeder);
    }
  }

  build(): BatchOutcome {
    return new ListedOutcome(this.#options, {
      verdicts: Uint8Array.from(this.#verdicts),
      envelopes: this.#envelopes,
      readings: this.#readings,
      windows: this.#windows.deltas(),
      lineProtocol: this.#lines?.bytes() ?? new Uint8Array(),
    });
  }
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
