import type { DrResponse } from "@gridpact/proto";
import type { Given } from "../agent-host.ts";
import { acceptanceDocument, type EventDocument, sha256OfJson } from "../document/index.ts";
import { linkRefusal } from "../links.ts";

/** Answers a planned request. The plan is durable before, so a repeated answer is the same answer. */
export async function respond(event: EventDocument, { modules }: Given<"aggregator">): Promise<EventDocument> {
  if (event.phase !== "planned") return event;
  const response = responseFor(event);
  try {
    await modules.aggregator.respond(event.request.requestId, response);
  } catch (error) {
    const code = linkRefusal(error);
    if (code === undefined) throw error;
    return { ...event, phase: "abandoned", reason: `the aggregator refused the answer: ${code}` };
  }
  return { ...event, phase: response.isAccepted ? "responded" : "refused" };
}

function responseFor(event: EventDocument): DrResponse {
  if (event.reason !== "") {
    return { isAccepted: false, nominatedWh: [], acceptanceProofHashHex: "", reason: event.reason };
  }
  const acceptanceProofHashHex = sha256OfJson(acceptanceDocument(event));
  return { isAccepted: true, nominatedWh: event.nominatedWh, acceptanceProofHashHex, reason: "" };
}
