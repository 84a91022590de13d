import { addCommands } from "@gridpact/cli";
import { Command } from "commander";

/**
 * Takes a command line apart as `gridpact` does, without doing what it says.
 * @throws CommanderError when gridpact would refuse it
 */
export function parseCommandLine(args: readonly string[]): { name: string; options: Record<string, unknown> } {
  const program = new Command("gridpact").exitOverride().configureOutput({ writeErr: () => undefined });
  addCommands(program, () => undefined);
  let parsed: Command | undefined;
  for (const command of leavesOf(program)) {
    command.action(() => {
      parsed = command;
    });
  }
  program.parse(args, { from: "user" });
  if (parsed === undefined) throw new TypeError(`no command took ${args.join(" ")}`);
  return { name: ancestorOf(parsed, program).name(), options: parsed.opts() };
}

/** Which command of the program itself this one belongs to. */
function ancestorOf(command: Command, program: Command): Command {
  const { parent } = command;
  return parent === null || parent === program ? command : ancestorOf(parent, program);
}

/** Commands that do something: those without commands of their own. */
function leavesOf(command: Command): Command[] {
  return command.commands.flatMap((inner) => (inner.commands.length === 0 ? [inner] : leavesOf(inner)));
}
