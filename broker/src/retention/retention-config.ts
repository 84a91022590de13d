import { existsSync } from "node:fs";
import { DAY_MS } from "../time-spans.ts";
import type { RetentionPolicy } from "./retention.ts";

/**
 * Shortest time that a log may be told to keep. A contract may be disputed up to 31 days after its end, and evidence
 * for it handed in up to 31 more (`POLICY` of @gridpact/contracts); its intervals, late readings and clocks take a day
 * each. What an event needs that is not settled yet is kept however old it is.
 */
export const KEEP_DAYS_MIN = 65;

/** Ten years; who keeps longer keeps all. */
export const KEEP_DAYS_MAX = 3_650;

/**
 * A closed segment is retired once all of it is older than `keepDays` and no view, event or proof needs it: moved to
 * `archivePath`, a directory that exists, or gone for good.
 */
export type RetentionConfig =
  | { kind: "keep-all" }
  | { kind: "archive"; keepDays: number; archivePath: string }
  | { kind: "delete-without-archive"; keepDays: number };

/** What is wrong with a setting, in words; undefined when nothing is. */
export function retentionFault(retention: RetentionConfig): string | undefined {
  if (retention.kind === "keep-all") return undefined;
  const { keepDays } = retention;
  const isWithin = Number.isInteger(keepDays) && keepDays >= KEEP_DAYS_MIN && keepDays <= KEEP_DAYS_MAX;
  if (!isWithin) return `a log is kept for ${KEEP_DAYS_MIN} to ${KEEP_DAYS_MAX} whole days, as disputes may need it`;
  // Not made here: on a mount that is away it would be a directory of another disk.
  const isMissing = retention.kind === "archive" && !existsSync(retention.archivePath);
  return isMissing ? `the archive ${retention.archivePath} is not there: make the directory` : undefined;
}

/** What a node does by a setting; undefined to keep all. */
export function retentionPolicy(retention: RetentionConfig | undefined): RetentionPolicy | undefined {
  if (retention === undefined || retention.kind === "keep-all") return undefined;
  const fate = retention.kind === "archive" ? "archived" : "deleted";
  return { keepMs: retention.keepDays * DAY_MS, fate };
}
