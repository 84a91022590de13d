import type { PackedDeviceId } from "@gridpact/native";

/**
 * Where envelopes come from, usually a session, and who learns what became of them. All calls come in the order in
 * which the envelopes were taken; none of them may throw.
 */
export interface EnvelopeSource {
  readonly packedDeviceId: PackedDeviceId;
  /** The oldest envelope without an answer is durable, with this verdict: it may be acknowledged. */
  onDurable(verdict: number): void;
  /** The group that the last calls of `onDurable` belonged to is complete: one write serves all of them. */
  onGroupEnd(): void;
  /** The oldest envelope without an answer is not durable and MUST NOT be acknowledged. */
  onFailed(error: unknown): void;
}
