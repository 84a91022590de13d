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
  for (const command of program.commands) {
    command.action(() => {
      parsed = command;
    });
  }
  program.parse(args, { from: "user" });
  if (parsed === undefined) throw new TypeError(`no command took ${args.join(" ")}`);
  return { name: parsed.name(), options: parsed.opts() };
}
