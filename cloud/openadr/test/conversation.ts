import type { EventInput, Vtn20b } from "../src/vtn20b/index.ts";
import type { MessageType } from "../src/wire20b/index.ts";
import { createLaboratory, type Laboratory, START } from "./laboratory.ts";

export const MINUTE = 60_000;

export function simpleEvent(venIds: readonly string[], change: Partial<EventInput> = {}): EventInput {
  return {
    venIds,
    startUnixMs: START + 10 * MINUTE,
    duration: "PT30M",
    signals: [{ signalName: "SIMPLE", signalType: "level", intervals: [{ duration: "PT30M", value: 2 }] }],
    ...change,
  };
}

export async function registered(laboratory = createLaboratory(), options: Parameters<Laboratory["addVen"]>[0] = {}) {
  const { ven, store, notifications } = laboratory.addVen(options);
  const { venId } = await ven.register();
  await ven.poll();
  laboratory.exchanges.length = 0;
  return { laboratory, ven, venId, store, notifications };
}

export function requests(laboratory: Laboratory): MessageType[] {
  return laboratory.exchanges.map(({ request }) => request.type);
}

export function lastEvents(laboratory: Laboratory) {
  const lists = laboratory.exchanges.flatMap(({ response }) =>
    response?.type === "oadrDistributeEvent" ? [response] : [],
  );
  return (lists.at(-1)?.oadrEvent ?? []).map(({ eiEvent }) => eiEvent.eventDescriptor);
}

export function codeOf(reply: ReturnType<Vtn20b["answer"]>): string {
  if (!reply.ok) return reply.fault;
  return reply.message !== undefined && "eiResponse" in reply.message
    ? (reply.message.eiResponse?.responseCode ?? "")
    : "";
}
