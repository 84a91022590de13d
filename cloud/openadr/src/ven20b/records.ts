import type { OadrEvent, OptType } from "../wire20b/index.ts";

/** What the VTN gave this VEN; the venID outlives a cancelled registration. */
export interface RegistrationRecord {
  readonly venId: string;
  readonly registrationId: string | undefined;
  readonly vtnId: string;
  /** ISO 8601. */
  readonly pollFrequency: string;
}

/** One event as the VEN follows it. */
export interface VenEventRecord {
  readonly event: OadrEvent;
  /** undefined until somebody decides (`manual`). */
  readonly optType: OptType | undefined;
  /** The stated start plus the random delay, drawn once for each modification of the start. */
  readonly effectiveStartUnixMs: number;
  /** The VTN no longer lists it, which cancels it without a word. */
  readonly isImpliedCancelled: boolean;
  /** When a cancelled event ends for this VEN: with a tolerance some time after it was told. */
  readonly cancelledEndUnixMs?: number;
}
