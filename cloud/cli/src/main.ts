import { FabricError } from "@gridpact/ledger/fabric";
import { Command, InvalidArgumentError } from "commander";
import { CliError } from "./cli-error.ts";
import { addCommands } from "./commands.ts";

/** Entry point of the `gridpact` command: parses the line, runs one command, turns its result into an exit code. */
const program = new Command("gridpact")
  .description("Verifiable demand response: every payment follows, provably, from signed meter readings")
  .version("0.1.0")
  .showHelpAfterError();

addCommands(program, (text) => process.stdout.write(text));

try {
  await program.parseAsync();
} catch (error) {
  // What the user can act on is shown without a stack; anything else is a fault of ours and shows everything.
  const isForUser = error instanceof CliError || error instanceof InvalidArgumentError || error instanceof FabricError;
  const text = isForUser ? error.message : ((error as Error).stack ?? String(error));
  // Ended here and not left to run out: what had been opened before the failure would keep the process for ever.
  process.stderr.write(`gridpact: ${text}\n`, () => process.exit(1));
}
