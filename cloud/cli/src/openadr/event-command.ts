import {
  cancelEvent,
  changeFromFlags,
  createEvent,
  eventFromFlags,
  modifyEvent,
  readEvent,
  type SignalFlags,
} from "@gridpact/openadr";
import type { Command } from "commander";
import { CliError } from "../cli-error.ts";
import { withClearErrors } from "./clear-errors.ts";
import { finiteNumber, repeated, withAdmin, withJson } from "./flags.ts";
import { adminUrlOf } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";

interface AdminFlags {
  readonly admin?: string;
  readonly data: string;
  readonly json: boolean;
}

interface ChangeFlags extends AdminFlags {
  readonly signal?: readonly string[];
  readonly level?: readonly number[];
  readonly type?: readonly string[];
  readonly start?: string;
  readonly duration?: string;
  readonly priority?: number;
  readonly marketContext?: string;
}

interface CreateFlags extends ChangeFlags {
  readonly ven: readonly string[];
  readonly start: string;
  readonly duration: string;
}

type Write = Surroundings["write"];

/** `openadr event`: what a VTN's operator does with events, over its admin interface. */
export function addEvent(openadr: Command, { write }: Surroundings): void {
  const event = openadr.command("event").description("create, change and cancel a VTN's events; each prints the id");
  withSignals(withJson(withAdmin(event.command("create"))))
    .description("send an event to one or more VENs")
    .requiredOption("--ven <id...>", "who gets it")
    .requiredOption("--start <time>", "when it begins (RFC 3339)")
    .requiredOption("--duration <duration>", "how long it lasts (ISO 8601); PT0S is open-ended")
    .option("--market-context <uri>", "the programme it belongs to")
    .action((flags: CreateFlags) => withClearErrors(() => create(flags, write)));
  withSignals(withJson(withAdmin(event.command("modify").argument("<event>", "its id"))))
    .description("change what the flags name and leave the rest; every VEN is asked for a new answer")
    .option("--start <time>", "when it begins (RFC 3339)")
    .option("--duration <duration>", "how long it lasts (ISO 8601)")
    .action((id: string, flags: ChangeFlags) => withClearErrors(() => modify(id, flags, write)));
  withJson(withAdmin(event.command("cancel").argument("<event>", "its id")))
    .description("call an event off")
    .action((id: string, flags: AdminFlags) => withClearErrors(() => cancel(id, flags, write)));
}

function withSignals(command: Command): Command {
  return command
    .option(
      "--signal <name>",
      "SIMPLE, LOAD_DISPATCH, ELECTRICITY_PRICE, …; several times for several",
      repeated(String),
    )
    .option("--level <number>", "the value of the signal before it", repeated(finiteNumber))
    .option("--type <type>", "its type, where the usual one is not meant", repeated(String))
    .option("--priority <number>", "0 is none, 1 the most urgent", finiteNumber);
}

async function create(flags: CreateFlags, write: Write): Promise<void> {
  const [first, ...furtherSignals] = readSignals(flags);
  if (first === undefined) throw new CliError("INPUT", "an event needs --signal and --level");
  const { ven, start, duration, priority, marketContext } = flags;
  const input = eventFromFlags({
    ...first,
    furtherSignals,
    ven,
    start,
    duration,
    ...(priority === undefined ? {} : { priority }),
    ...(marketContext === undefined ? {} : { marketContext }),
  });
  print(await createEvent(adminUrlOf(flags), input), flags, write);
}

async function modify(id: string, flags: ChangeFlags, write: Write): Promise<void> {
  const adminUrl = adminUrlOf(flags);
  const current = await readEvent(adminUrl, id);
  // A level alone is a new level of the signal that the event has.
  const named = flags.signal ?? current.signals.map(({ signalName }) => signalName);
  const signals = flags.level === undefined ? [] : readSignals({ ...flags, signal: named });
  if (signals.length === 0 && flags.signal !== undefined) throw new CliError("INPUT", "--signal needs --level");
  const { start, duration, priority } = flags;
  const change = changeFromFlags(current, {
    signals,
    ...(start === undefined ? {} : { start }),
    ...(duration === undefined ? {} : { duration }),
    ...(priority === undefined ? {} : { priority }),
  });
  if (Object.keys(change).length === 0) throw new CliError("INPUT", "nothing to change was named");
  print(await modifyEvent(adminUrl, id, change), flags, write);
}

async function cancel(id: string, flags: AdminFlags, write: Write): Promise<void> {
  print(await cancelEvent(adminUrlOf(flags), id), flags, write);
}

/** Pairs names with levels by their order. */
function readSignals({ signal = [], level = [], type = [] }: Omit<ChangeFlags, keyof AdminFlags>): SignalFlags[] {
  if (signal.length !== level.length) throw new CliError("INPUT", "each --signal needs one --level");
  if (type.length > 0 && type.length !== signal.length) throw new CliError("INPUT", "each --signal needs one --type");
  return signal.map((name, at) => {
    const named = { signal: name, level: level[at] ?? 0 };
    return type[at] === undefined ? named : { ...named, type: type[at] };
  });
}

/** The id alone, so that a shell can keep it: `ID=$(gridpact openadr event create …)`. */
function print(event: { readonly eventId: string }, { json }: AdminFlags, write: Write): void {
  write(`${json ? JSON.stringify(event) : event.eventId}\n`);
}
