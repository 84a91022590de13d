import { resolve } from "node:path";
import { type RetentionConfig, retentionFault } from "@gridpact/broker";
import { CliError } from "../cli-error.ts";

/** As a command is given them. */
export type RetentionFlags = { keepLogDays?: number; logArchive?: string; deleteLogWithoutArchive: boolean };

/**
 * How long a virtual node keeps its log: all of it, unless a time is given and a word on where older segments go.
 * @throws CliError when the flags do not say what to do.
 */
export function retentionConfig(flags: RetentionFlags): RetentionConfig {
  const { keepLogDays: keepDays, logArchive, deleteLogWithoutArchive: isDeleted } = flags;
  if (keepDays === undefined) {
    if (logArchive === undefined && !isDeleted) return { kind: "keep-all" };
    throw new CliError("INPUT", "how long is the log kept? Give --keep-log-days");
  }
  if ((logArchive === undefined) !== isDeleted) {
    throw new CliError("INPUT", "where do old segments go? Give --log-archive, or --delete-log-without-archive");
  }
  const retention: RetentionConfig =
    logArchive === undefined
      ? { kind: "delete-without-archive", keepDays }
      : { kind: "archive", keepDays, archivePath: resolve(logArchive) };
  const fault = retentionFault(retention);
  if (fault !== undefined) throw new CliError("INPUT", fault);
  return retention;
}
