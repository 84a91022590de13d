import type { EvidenceSource } from "@gridpact/broker";
import type { Clock } from "@gridpact/host";

/** Boundaries of a baseline day are far more; those of a settlement are at most one more than the day's units. */
type Boundaries = readonly number[];

export type Withheld = { deviceId: string; fromUnixMs: number; untilUnixMs: number };

/**
 * Evidence of a node that leaves out, of one device, the envelope of the second boundary in a span, until an instant:
 * what it shows holds, and makes the device look as if it had been cut off.
 */
export function withholding(source: EvidenceSource, clock: Clock, withheld: Withheld): EvidenceSource {
  const { deviceId, fromUnixMs, untilUnixMs } = withheld;
  const isWithheld = (id: string, atUnixMs: Boundaries) =>
    id === deviceId && (atUnixMs[0] ?? 0) >= fromUnixMs && clock.nowUnixMs() < untilUnixMs;
  return {
    registersAt: (id, atUnixMs) => source.registersAt(id, atUnixMs),
    async boundaryEvidence(id, atUnixMs) {
      const evidence = await source.boundaryEvidence(id, atUnixMs);
      return evidence !== undefined && isWithheld(id, atUnixMs) ? without(evidence, 1) : evidence;
    },
  };
}

type BoundaryEvidence = NonNullable<Awaited<ReturnType<EvidenceSource["boundaryEvidence"]>>>;

/** An envelope that serves no boundary any more goes with it, as the contract would refuse it. */
function without({ envelopes, boundaries }: BoundaryEvidence, hidden: number): BoundaryEvidence {
  const kept = boundaries.map((boundary, index) => (index === hidden ? null : boundary));
  const serving = [...new Set(kept.flatMap((boundary) => (boundary === null ? [] : [boundary.envelope])))];
  return {
    envelopes: serving.flatMap((index) => envelopes[index] ?? []),
    boundaries: kept.map((boundary) => boundary && { ...boundary, envelope: serving.indexOf(boundary.envelope) }),
  };
}
