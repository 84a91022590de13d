import type { AggregatorLink } from "@gridpact/broker";
import type { RequestLink } from "@gridpact/dr-openadr";

/**
 * A virtual node's way to its aggregator: requests, answers and deliveries by OpenADR, and what OpenADR has no word
 * for, the profiles of the node and its prosumers, by the aggregator's own API.
 */
export function linkOf(
  own: Pick<AggregatorLink, "register" | "describe" | "exchangeMoves">,
  requests: RequestLink,
): AggregatorLink {
  return {
    register: (profile) => own.register(profile),
    describe: (vnId, summaries) => own.describe(vnId, summaries),
    exchangeMoves: (vnId, reports) => own.exchangeMoves(vnId, reports),
    pollRequests: (vnId) => requests.pollRequests(vnId),
    respond: (requestId, response) => requests.respond(requestId, response),
    report: (requestId, report) => requests.report(requestId, report),
  };
}
