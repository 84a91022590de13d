import { type ParseArgsOptionsConfig, parseArgs } from "node:util";

/** What an option of a program takes; `among` lists all that it may be. */
export type Option = { says: string } & (
  | { kind: "count"; byDefault?: number; from?: number; upTo?: number }
  | { kind: "amount"; byDefault: number }
  | { kind: "text"; byDefault?: string }
  | { kind: "choice"; among: readonly string[]; byDefault?: string }
  | { kind: "choices"; among: readonly string[] }
  | { kind: "flag" }
);

/** A program of the repository that is no `gridpact` command: benches, fuzzers, load generators. */
export type Program<T extends Record<string, Option>> = {
  /** As it is called, such as `npm run fuzz:mqtt --`. */
  command: string;
  /** What it does and when it fails, for whoever asks for help. */
  about: string;
  options: T;
};

/** Counts are whole numbers, amounts any above 0; choices are a list with commas, by default everything. */
export type OptionValues<T extends Record<string, Option>> = { [Name in keyof T]: OptionValue<T[Name]> };

type OptionValue<T extends Option> = T extends { kind: "flag" }
  ? boolean
  : T extends { kind: "choices"; among: readonly (infer Among)[] }
    ? Among[]
    : T extends { byDefault: string | number }
      ? GivenValue<T>
      : GivenValue<T> | undefined;

type GivenValue<T extends Option> = T extends { kind: "count" | "amount" }
  ? number
  : T extends { kind: "choice"; among: readonly (infer Among)[] }
    ? Among
    : string;

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
export function readOptions<const T extends Record<string, Option>>(
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
  if (option.kind === "choices")
    return given === undefined ? option.among : chosen(name, option, `${given}`.split(","));
  if (given === undefined) return option.byDefault;
  if (option.kind === "text") return given;
  if (option.kind === "choice") return chosen(name, option, [`${given}`])[0];
  return readNumber(name, option, Number(given));
}

function chosen(name: string, { among }: { among: readonly string[] }, given: string[]): string[] {
  if (given.some((each) => !among.includes(each))) throw new TypeError(`--${name} takes ${among.join(", ")}`);
  return given;
}

function readNumber(name: string, option: Option & { kind: "count" | "amount" }, given: number): number {
  if (option.kind === "amount") {
    if (!Number.isFinite(given) || given <= 0) throw new TypeError(`--${name} takes a number above 0`);
    return given;
  }
  const { from = 1, upTo = Number.MAX_SAFE_INTEGER } = option;
  if (Number.isSafeInteger(given) && given >= from && given <= upTo) return given;
  const most = option.upTo === undefined ? "on" : `to ${option.upTo}`;
  throw new TypeError(`--${name} takes a whole number from ${from} ${most}`);
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
  const takes = { count: "N", amount: "N", text: "TEXT", choice: "KIND", choices: "LIST" }[kind];
  return `--${name} ${takes}`;
}

function explained(option: Option): string {
  const allowed = "among" in option ? [option.among.join(", ")] : [];
  const byDefault = "byDefault" in option && option.byDefault !== "" ? [`${option.byDefault}`] : [];
  const brackets = option.kind === "choices" ? allowed : byDefault;
  const says = option.kind === "choice" ? `${option.says}: ${allowed}` : option.says;
  return brackets.length === 0 ? says : `${says} (${brackets})`;
}
