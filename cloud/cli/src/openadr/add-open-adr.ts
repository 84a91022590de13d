import type { Command } from "commander";
import { addConformance } from "./conformance-command.ts";
import { addEnrol, addFingerprint } from "./enrol-command.ts";
import { addEvent } from "./event-command.ts";
import { processSurroundings, type Surroundings } from "./surroundings.ts";
import { addVen } from "./ven-command.ts";
import { addVtn } from "./vtn-command.ts";

/** Adds `gridpact openadr …`; each command is parsed and done in a file of its own. */
export function addOpenAdr(
  program: Command,
  write: Surroundings["write"],
  surroundings: Surroundings = processSurroundings(write),
): void {
  const openadr = program.command("openadr").description("OpenADR 2.0b and 3.1: run a VTN or a VEN, send events");
  addVtn(openadr, surroundings);
  addVen(openadr, surroundings);
  addEvent(openadr, surroundings);
  addFingerprint(openadr, surroundings);
  addEnrol(openadr, surroundings);
  addConformance(openadr, surroundings);
}
