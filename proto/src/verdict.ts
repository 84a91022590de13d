/**
 * Verdict codes of the ingest engine, one byte per envelope. Codes 1..11 are RejectReason of reading.proto;
 * 0 and 200 upwards are outcomes that are no rejection.
 */
export const VERDICT = {
  ACCEPTED: 0,
  MALFORMED: 1,
  TOO_LARGE: 2,
  UNKNOWN_DEVICE: 3,
  IDENTITY_MISMATCH: 4,
  BAD_SIGNATURE: 5,
  EQUIVOCATION: 6,
  QUARANTINED: 7,
  STALE: 8,
  CHAIN_BROKEN: 9,
  REGISTER_DECREASED: 10,
  CLOCK_SKEW: 11,
  /** Same identity, same bytes: acked again, stored once, counted neither stored nor rejected. */
  DUPLICATE: 200,
} as const;

/** `verdictLabel` of it is a metric label: renaming one breaks dashboards. */
export type VerdictName = keyof typeof VERDICT;
/** Shared with the Rust engine; a code is never given to another meaning. */
export type VerdictCode = (typeof VERDICT)[VerdictName];

const NAMES = new Map<number, VerdictName>(
  (Object.entries(VERDICT) as [VerdictName, VerdictCode][]).map(([name, code]) => [code, name]),
);

/** Metric label and dead-letter reason of a verdict code, such as `bad_signature`. */
export function verdictLabel(code: number): string {
  const name = NAMES.get(code);
  if (name === undefined) throw new RangeError(`unknown verdict code ${code}`);
  return name.toLowerCase();
}

/** False for a duplicate: it was accepted before, and is acknowledged again. */
export function isRejected(code: number): boolean {
  return code !== VERDICT.ACCEPTED && code !== VERDICT.DUPLICATE;
}

/** Limits that both engines apply to one envelope. */
export const ENVELOPE_LIMITS = {
  /** One day of minute readings is 1,440; at about 30 bytes a reading that is below 64 KiB. */
  readingsMax: 1_440,
  bytesMax: 65_536,
  /** A device clock may run ahead by this much before its readings are refused. */
  clockAheadMsMax: 300_000n,
  /** Accepted envelopes remembered per device to tell a resend from an equivocation. */
  replayWindowEnvelopes: 64,
  /** Bad signatures from one device before it is quarantined; honest devices send none. */
  badSignaturesMax: 16,
} as const;
