import { PassThrough } from "node:stream";
import { Command } from "commander";
import { addOpenAdr } from "../src/openadr/add-open-adr.ts";

/** One run of `gridpact openadr …` in this process, as the shell would start it. */
export interface Session {
  /** Everything written so far, line by line. */
  readonly lines: readonly string[];
  readonly exitCode: number;
  /** Settles when the command has ended; rejects with what the user would read. */
  readonly ended: Promise<void>;
  /** The first JSON line that fits; waits for it, and fails when the command ends before. */
  says(fits: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  /** A line on standard input. */
  type(line: string): void;
  /** Ctrl-C, and the end. */
  stop(): Promise<void>;
}

export function startSession(commandArguments: readonly string[]): Session {
  let output = "";
  let exitCode = 0;
  const waiting: (() => void)[] = [];
  const wake = () => {
    for (const resolve of waiting.splice(0)) resolve();
  };
  let end: () => void = () => undefined;
  const untilEnd = new Promise<void>((resolve) => {
    end = resolve;
  });
  const input = new PassThrough();
  const write = (text: string) => {
    output += text;
    wake();
  };
  const program = new Command("gridpact").exitOverride().configureOutput({ writeErr: write, writeOut: write });
  const setExitCode = (code: number) => {
    exitCode = code;
  };
  addOpenAdr(program, write, { write, untilEnd: () => untilEnd, input, setExitCode });
  let hasEnded = false;
  const ended = program.parseAsync(["openadr", ...commandArguments], { from: "user" }).then(() => undefined);
  const settled = ended.then(
    () => undefined,
    () => undefined,
  );
  void settled.then(() => {
    hasEnded = true;
    wake();
  });
  const lines = () => output.split("\n").filter((line) => line !== "");
  return {
    get lines() {
      return lines();
    },
    get exitCode() {
      return exitCode;
    },
    ended,
    async says(fits) {
      for (;;) {
        const found = lines()
          .flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []))
          .find(fits);
        if (found !== undefined) return found;
        if (hasEnded) throw new Error(`the command ended and said only: ${output}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    type: (line) => input.write(`${line}\n`),
    async stop() {
      end();
      await settled;
    },
  };
}

/** Runs a command that ends by itself and returns its lines. */
export async function run(...commandArguments: readonly string[]): Promise<readonly string[]> {
  const session = startSession(commandArguments);
  await session.ended;
  return session.lines;
}
