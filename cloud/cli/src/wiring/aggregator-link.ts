import type { AggregatorLink } from "@gridpact/broker";
import type { RequestLink } from "@gridpact/dr-openadr";

/**
 * A virtual node's way to its aggregator: requests, answers and deliveries by OpenADR, and what OpenADR has no word
 * for, the node's profile, by the aggregator's own API.
 */
export function linkOf(register: AggregatorLink["register"], requests: RequestLink): AggregatorLink {
  return {
    register,
    pollRequests: (vnId) => requests.pollRequests(vnId),
    respond: (requestId, response) => requests.respond(requestId, response),
    report: (requestId, report) => requests.report(requestId, report),
  };
}
