import type { Event3, EventRequest, Oadr3Client, Ven3Object } from "../oadr3/index.ts";
import type { Event3Terms } from "./event3-from-flags.ts";

/** The program of events for which none was named; one is enough, as targets say whom an event is for. */
const DEFAULT_PROGRAM = "gridpact events";

/** A 3.1 event, and whom it is for. */
export interface Event3Input {
  /** The ids or names of their ven objects. */
  readonly vens: readonly string[];
  /** Made when the VTN has none of that name. */
  readonly programName?: string;
  readonly terms: Event3Terms;
}

/** What an operator needs of a client of role `bl`. */
export type Operator3 = Pick<Oadr3Client, "all" | "create" | "read" | "update" | "delete">;

/**
 * Creates an event that the named VENs see and no other does: its targets are their ven ids, and each VEN is granted
 * its own first [OADR3.1 Definition, Object Privacy]. Throws `Oadr3Error`, also for a VEN that the VTN does not know.
 */
export async function createEvent3(operator: Operator3, input: Event3Input): Promise<Event3> {
  const targets: string[] = [];
  for (const ven of input.vens) targets.push(await grantOwnTarget(operator, await findVen(operator, ven)));
  const programID = await requireProgram(operator, input.programName ?? DEFAULT_PROGRAM);
  return operator.create("events", { programID, targets, ...input.terms });
}

/** Replaces an event by what `change` makes of it. Throws `Oadr3Error`, and what `change` throws. */
export async function modifyEvent3(
  operator: Operator3,
  eventId: string,
  change: (current: Event3) => EventRequest,
): Promise<Event3> {
  return operator.update("events", eventId, change(await operator.read("events", eventId)));
}

/** Calls an event off: 3.1 knows no cancelled events, only deleted ones. Returns what it was. */
export function cancelEvent3(operator: Operator3, eventId: string): Promise<Event3> {
  return operator.delete("events", eventId);
}

async function findVen(operator: Operator3, idOrName: string): Promise<Ven3Object> {
  const [named] = await operator.all("vens", { venName: idOrName });
  return named ?? operator.read("vens", idOrName);
}

/** A VEN's own id as its target. What it was granted otherwise stays, and so does all that it says of itself. */
async function grantOwnTarget(operator: Operator3, ven: Ven3Object): Promise<string> {
  const { id, clientID, venName, attributes, targets } = ven;
  if (targets?.includes(id) === true) return id;
  await operator.update("vens", id, {
    objectType: "BL_VEN_REQUEST",
    clientID,
    venName,
    ...(attributes === undefined ? {} : { attributes }),
    targets: [...(targets ?? []), id],
  });
  return id;
}

async function requireProgram(operator: Operator3, programName: string): Promise<string> {
  const programs = await operator.all("programs");
  const known = programs.find((program) => program.programName === programName);
  return (known ?? (await operator.create("programs", { programName }))).id;
}
