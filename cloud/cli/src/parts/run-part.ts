import { existingDataDirectory } from "../process/data-directory.ts";
import { untilSignal } from "../process/until-signal.ts";
import { type Listening, openPart, type PartContext, type RunningPart } from "./part.ts";

/** Options that every part takes on its command line. */
export type PartFlags = { data: string; listen: string; advertise?: string; port?: number };

/** Runs a part until it is asked to end. */
export async function runPart(
  name: string,
  flags: PartFlags,
  run: (context: PartContext) => Promise<RunningPart>,
): Promise<void> {
  const asked = untilSignal();
  const listening: Listening = {
    host: flags.listen,
    advertisedHost: flags.advertise ?? flags.listen,
    port: flags.port ?? 0,
  };
  const context = openPart(name, existingDataDirectory(flags.data), listening);
  const running = await run(context);
  context.log.info("part_started", { name });
  await asked;
  await running.close();
  // What still holds the process open (idle sockets, library timers) is of no use any more.
  process.exit(0);
}
