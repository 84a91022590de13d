import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/** What an option of a program takes: a whole number from 1 on, any text, or nothing. */
export type Option = { says: string } & (
  | { kind: "count"; byDefault: number }
  | { kind: "text"; byDefault?: string }
  | { kind: "flag" }
);

export type Program<T extends Record<string, Option>> = {
  /** As it is called, such as `npm run fuzz:mqtt --`. */
  command: string;
  /** What it does and when it fails, for whoever asks for help. */
  about: string;
  options: T;
};

export type OptionValues<T extends Record<string, Option>> = {
  [Name in keyof T]: T[Name] extends { kind: "count" }
    ? number
    : T[Name] extends { kind: "flag" }
      ? boolean
      : T[Name] extends { byDefault: string }
        ? string
        : string | undefined;
};

/** The parts of `process` that a program's options are about. */
export type ProgramProcess = {
  argv: readonly string[];
  stdout: { write(text: string): unknown };
  stderr: { write(text: string): unknown };
  exit(status: number): never;
};

const EXIT_USAGE = 2;
const PROGRAM_ARGUMENTS_FROM = 2;
const LEAST_COLUMN = 16;

/** Of text in a terminal. */
const LINE_CHARACTERS = 100;

/**
 * The options that a program was called with. Ends the process with the usage: status 0 where `--help` was asked for, 2
 * behind the fault where an option is unknown or its value cannot be used.
 */
export function readOptions<T extends Record<string, Option>>(
  program: Program<T>,
  own: ProgramProcess = process,
): OptionValues<T> {
  const parsed = parse(program.options, own.argv.slice(PROGRAM_ARGUMENTS_FROM));
  if (parsed === "help") {
    own.stdout.write(usage(program));
    return own.exit(0);
  }
  if (typeof parsed === "string") {
    own.stderr.write(`${parsed}\n\n${usage(program)}`);
    return own.exit(EXIT_USAGE);
  }
  return parsed as OptionValues<T>;
}

/** The values by name; a text where there is a fault, which `help` is none. */
function parse(options: Record<string, Option>, args: string[]): Record<string, unknown> | string {
  try {
    const given: Record<string, unknown> = parseArgs({ args, options: config(options) }).values;
    if (given["help"] === true) return "help";
    return Object.fromEntries(
      Object.entries(options).map(([name, each]) => [name, readValue(name, each, given[name])]),
    );
  } catch (error) {
    return (error as Error).message;
  }
}

function config(options: Record<string, Option>): ParseArgsOptionsConfig {
  const entries = Object.entries(options).map(([name, { kind }]) => {
    return [name, { type: kind === "flag" ? "boolean" : "string" }] as const;
  });
  return { ...Object.fromEntries(entries), help: { type: "boolean" } };
}

function readValue(name: string, option: Option, given: unknown): unknown {
  if (option.kind === "flag") return given === true;
  if (option.kind === "text" || given === undefined) return given ?? option.byDefault;
  const count = Number(given);
  if (!Number.isSafeInteger(count) || count < 1) throw new TypeError(`--${name} takes a whole number from 1 on`);
  return count;
}

function usage({ command, about, options }: Program<Record<string, Option>>): string {
  const rows = Object.entries(options).map(([name, option]) => [flagOf(name, option), explained(option)] as const);
  const all = [...rows, ["--help", "this text"] as const];
  const column = Math.max(LEAST_COLUMN, ...all.map(([flag]) => flag.length + 2));
  const list = all.map(([flag, says]) => `  ${flag.padEnd(column)}${says}\n`).join("");
  return `usage: ${command} [options]\n\n${wrapped(about)}\n\n${list}`;
}

/** Broken at spaces. */
function wrapped(text: string): string {
  return text.replace(new RegExp(`(.{1,${LINE_CHARACTERS}})(?: |$)`, "g"), "$1\n").trimEnd();
}

function flagOf(name: string, { kind }: Option): string {
  if (kind === "flag") return `--${name}`;
  return `--${name} ${kind === "count" ? "N" : "TEXT"}`;
}

function explained(option: Option): string {
  const byDefault = option.kind === "flag" ? undefined : option.byDefault;
  return byDefault === undefined || byDefault === "" ? option.says : `${option.says} (${byDefault})`;
}
