import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { type DayHistory, type Interval, netImportWh } from "@gridpact/settlement";
import type { EvidenceSource } from "../../evidence/index.ts";
import { DAY_MS, HOUR_MS } from "../../time-spans.ts";

/** Net import of one device, unit by unit, from accepted readings; `null` where a boundary has none. */
export type MeteredHistory = { startUnixMs: number; mtuMs: number; netWh: (bigint | null)[] };

/** Half-open; both ends MUST be boundaries. */
export type HistorySpan = { fromUnixMs: number; toUnixMs: number; mtuMs: number };

/** The history of `[fromUnixMs, toUnixMs)`, both multiples of the market time unit. */
export async function meteredHistory(
  evidence: EvidenceSource,
  deviceId: string,
  { fromUnixMs, toUnixMs, mtuMs }: HistorySpan,
): Promise<MeteredHistory> {
  assert(fromUnixMs % mtuMs === 0 && toUnixMs % mtuMs === 0 && fromUnixMs < toUnixMs, "a span of whole units");
  const boundaries = Array.from(
    { length: (toUnixMs - fromUnixMs) / mtuMs + 1 },
    (_, index) => fromUnixMs + index * mtuMs,
  );
  const registers = await evidence.registersAt(deviceId, boundaries);
  assert.equal(registers.length, boundaries.length, "one answer for each instant");
  return { startUnixMs: fromUnixMs, mtuMs, netWh: netImportWh(registers.map((each) => each ?? null)) };
}

/** Mean net import in each unit, W, as forecasts take it; `null` where the history has none. */
export function meanPowersW({ mtuMs, netWh }: MeteredHistory): (number | null)[] {
  return netWh.map((wh) => (wh === null ? null : (Number(wh) * HOUR_MS) / mtuMs));
}

/** SHA-256 (hex) of the mean powers that a forecast was made from. */
export function historyHash(powerW: readonly (number | null)[]): string {
  return createHash("sha256").update(JSON.stringify(powerW)).digest("hex");
}

/**
 * The event's intervals as they were on each day before, newest day first. Days are those of UTC: the programme's zone
 * is UTC in this version, so a day has always the same number of units.
 */
export function daysBefore(history: MeteredHistory, intervals: readonly Interval[], dayCount: number): DayHistory[] {
  const startUnixMs = intervals[0]?.startUnixMs ?? 0;
  return Array.from({ length: dayCount }, (_, index) => {
    const shiftMs = (index + 1) * DAY_MS;
    return {
      localDate: utcDate(startUnixMs - shiftMs),
      windowWh: intervals.map((interval) => unitAt(history, interval.startUnixMs - shiftMs)),
    };
  });
}

/** `YYYY-MM-DD` of an instant. */
export function utcDate(unixMs: number): string {
  return new Date(unixMs).toISOString().slice(0, 10);
}

function unitAt({ startUnixMs, mtuMs, netWh }: MeteredHistory, unitStartUnixMs: number): bigint | null {
  return netWh[(unitStartUnixMs - startUnixMs) / mtuMs] ?? null;
}
