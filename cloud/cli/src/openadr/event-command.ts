import {
  cancelEvent,
  changeFromFlags,
  createEvent,
  type Event3,
  type EventRecord,
  eventFromFlags,
  modifyEvent,
  readEvent,
} from "@gridpact/openadr";
import { type Command, Option } from "commander";
import { CliError } from "../cli-error.ts";
import { withClearErrors } from "./clear-errors.ts";
import type { AdminFlags, ChangeFlags, CreateFlags } from "./event-flags.ts";
import { readSignals } from "./event-flags.ts";
import { cancel3, create3, modify3 } from "./event3-command.ts";
import { finiteNumber, finiteNumbers, repeated, withAdmin, withJson } from "./flags.ts";
import { adminUrlOf } from "./state-folder.ts";
import type { Surroundings } from "./surroundings.ts";

type Write = Surroundings["write"];

/**
 * `openadr event`: what a VTN's operator does with events, over the admin interface of a 2.0b VTN or as a 3.1 VTN's
 * client of role `bl`.
 */
export function addEvent(openadr: Command, { write }: Surroundings): void {
  const event = openadr.command("event").description("create, change and cancel a VTN's events; each prints the id");
  withSignals(withVtn(event.command("create")))
    .description("send an event to one or more VENs")
    .requiredOption("--ven <id...>", "who gets it (3.1: the id or name of a ven object)")
    .requiredOption("--start <time>", "when it begins (RFC 3339)")
    .requiredOption("--duration <duration>", "how long it lasts (ISO 8601); PT0S is open-ended")
    .option("--market-context <uri>", "2.0b: the programme it belongs to")
    .option("--program <name>", "3.1: the program it belongs to, made when there is none of that name")
    .action((flags: CreateFlags) =>
      withClearErrors(async () => print(await (is3(flags) ? create3(flags) : create(flags)), flags, write)),
    );
  withSignals(withVtn(event.command("modify").argument("<event>", "its id")))
    .description("change what the flags name and leave the rest; every VEN is asked for a new answer")
    .option("--start <time>", "when it begins (RFC 3339)")
    .option("--duration <duration>", "how long it lasts (ISO 8601)")
    .action((id: string, flags: ChangeFlags) =>
      withClearErrors(async () => print(await (is3(flags) ? modify3(id, flags) : modify(id, flags)), flags, write)),
    );
  withVtn(event.command("cancel").argument("<event>", "its id"))
    .description("call an event off")
    .action((id: string, flags: AdminFlags) =>
      withClearErrors(async () => print(await (is3(flags) ? cancel3(id, flags) : cancel(id, flags)), flags, write)),
    );
}

const is3 = ({ profile }: AdminFlags) => profile === "3.1";

/** Which VTN, and as whom. */
function withVtn(command: Command): Command {
  return withJson(withAdmin(command))
    .addOption(new Option("--profile <profile>", "which OpenADR it speaks").choices(["2.0b", "3.1"]).default("2.0b"))
    .option("--client-id <id>", "3.1: as whom to come, of role bl", "bl")
    .option("--client-secret-file <file>", "3.1: its secret; by default what a VTN of the same data directory made")
    .option("--tls-ca <file>", "3.1: the authority whose certificates are believed (PEM)");
}

function withSignals(command: Command): Command {
  return command
    .option(
      "--signal <name>",
      "SIMPLE, LOAD_DISPATCH, ELECTRICITY_PRICE, … (3.1: SIMPLE, PRICE, …); several times for several",
      repeated(String),
    )
    .option(
      "--level <numbers>",
      "the value of the signal before it; several with commas between them are equal steps",
      repeated(finiteNumbers),
    )
    .option("--type <type>", "2.0b: its type, where the usual one is not meant", repeated(String))
    .option("--priority <number>", "0 is none, 1 the most urgent (3.1: 0 the most urgent)", finiteNumber);
}

function create(flags: CreateFlags): Promise<EventRecord> {
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
  return createEvent(adminUrlOf(flags), input);
}

async function modify(id: string, flags: ChangeFlags): Promise<EventRecord> {
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
  return modifyEvent(adminUrl, id, change);
}

function cancel(id: string, flags: AdminFlags): Promise<EventRecord> {
  return cancelEvent(adminUrlOf(flags), id);
}

/** The id alone, so that a shell can keep it: `ID=$(gridpact openadr event create …)`. */
function print(event: EventRecord | Event3, { json }: AdminFlags, write: Write): void {
  const id = "eventId" in event ? event.eventId : event.id;
  write(`${json ? JSON.stringify(event) : id}\n`);
}
