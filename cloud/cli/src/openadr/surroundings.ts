import type { Readable } from "node:stream";
import { untilSignal } from "../process/until-signal.ts";

/** What an `openadr` command touches besides its flags; tests give their own. */
export interface Surroundings {
  readonly write: (text: string) => void;
  /** Settles when a command that runs for ever is to end. */
  readonly untilEnd: () => Promise<unknown>;
  /** Where a person's decisions come from (`ven --manual`). */
  readonly input: Readable;
  readonly setExitCode: (code: number) => void;
}

/** The terminal: Ctrl-C ends, standard input decides. */
export function processSurroundings(write: Surroundings["write"]): Surroundings {
  return {
    write,
    untilEnd: untilSignal,
    input: process.stdin,
    setExitCode: (code) => {
      process.exitCode = code;
    },
  };
}
