import { type DsoEvent, dsoEventInput, dsoEventRequest31 } from "@gridpact/dr-openadr";
import { createEvent } from "@gridpact/openadr";
import type { OpenAdrProfile } from "../parts/openadr-state.ts";
import { openClient31 } from "../parts/openadr31.ts";
import type { PartContext } from "../parts/part.ts";
import { PROGRAMME } from "../wiring/market.ts";

/** On loopback, as in the DSO's run file; `admin` is 0 with 3.1, whose operator comes through the VTN's own port. */
export type DsoPorts = { vtn: number; admin: number };

/** Makes an event at the DSO, as its operator would. */
export async function publishDsoEvent(
  event: DsoEvent,
  { profile, ports }: { profile: OpenAdrProfile; ports: DsoPorts },
  context: Pick<PartContext, "data">,
): Promise<void> {
  if (profile === "3.1") return publish31(event, ports.vtn, context);
  const input = dsoEventInput(event, { venId: "aggregator", programme: PROGRAMME });
  await createEvent(`http://127.0.0.1:${ports.admin}`, input);
}

async function publish31(event: DsoEvent, port: number, context: Pick<PartContext, "data">): Promise<void> {
  const vtn = { party: "dso", host: "127.0.0.1", port };
  const client = openClient31({ clientId: "dso", party: "dso", vtn }, context);
  const known = (await client.all("programs")).find(({ programName }) => programName === PROGRAMME);
  const { id } = known ?? (await client.create("programs", { programName: PROGRAMME }));
  await client.create("events", dsoEventRequest31(event, id));
  await client.close();
}
