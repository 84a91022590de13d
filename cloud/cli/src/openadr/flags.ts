import { type Command, InvalidArgumentError } from "commander";

/** The same directory as of every other command; what is OpenADR's lies in a folder of its own there. */
const DATA_DEFAULT = "./.gridpact";

/** For programs: everything a command says, and nothing else, as JSON. */
export function withJson(command: Command): Command {
  return command.option("--json", "print JSON, one object a line", false);
}

/** Where a command keeps its state. Two that run with one directory do not disturb each other. */
export function withData(command: Command): Command {
  return command.option("--data <directory>", "where state is kept", DATA_DEFAULT);
}

/** For commands that talk to a VTN's operator interface. */
export function withAdmin(command: Command): Command {
  return withData(command).option("--admin <url>", "the VTN's admin interface; by default that of the last VTN here");
}

/** A finite number in a flag. */
export function finiteNumber(text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (!Number.isFinite(number)) throw new InvalidArgumentError("a number is needed");
  return number;
}

/** One finite number in a flag, or several with commas between them. */
export function finiteNumbers(text: string): readonly number[] {
  return text.split(",").map(finiteNumber);
}

/** A flag that may be given several times: the values in their order. */
export function repeated<T>(read: (text: string) => T): (text: string, before: readonly T[] | undefined) => T[] {
  return (text, before) => [...(before ?? []), read(text)];
}
