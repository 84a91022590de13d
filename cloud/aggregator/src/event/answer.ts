import type { DrReport, DrResponse } from "@gridpact/proto";
import { AggregatorError } from "../aggregator-error.ts";
import type { PlacedRequest } from "./dr-event.ts";

/**
 * A request with a node's answer. The same answer again changes nothing, since the node repeats it until it knows that
 * it arrived.
 * @throws AggregatorError RESPONSE_INVALID, RESPONSE_CONFLICT or RESPONSE_TOO_LATE
 */
export function answered(placed: PlacedRequest, response: DrResponse, nowUnixMs: number): PlacedRequest {
  if (placed.response !== null) {
    if (isSameResponse(placed.response, response)) return placed;
    throw new AggregatorError("RESPONSE_CONFLICT", `request ${placed.request.requestId} has another answer`);
  }
  if (placed.state !== "open" || nowUnixMs > placed.request.respondByUnixMs) {
    throw new AggregatorError("RESPONSE_TOO_LATE", `answers were due by ${placed.request.respondByUnixMs}`);
  }
  if (!response.isAccepted) return { ...placed, state: "refused", response };
  checkNomination(placed, response);
  return { ...placed, state: "accepted", response };
}

/**
 * A request with the report of one interval; the first report of an interval stands.
 * @throws AggregatorError REPORT_INVALID
 */
export function reported(placed: PlacedRequest, report: DrReport): PlacedRequest {
  const { requestId, intervals } = placed.request;
  if (placed.state !== "contracted" && placed.state !== "completed") {
    throw new AggregatorError("REPORT_INVALID", `request ${requestId} has no contract to report on`);
  }
  if (report.intervalIndex < 0 || report.intervalIndex >= intervals.length) {
    throw new AggregatorError("REPORT_INVALID", `request ${requestId} has intervals 0 to ${intervals.length - 1}`);
  }
  if (report.deliveredWh < 0n || report.shortfallWh < 0n) {
    throw new AggregatorError("REPORT_INVALID", `request ${requestId}: delivered and missing energy are not negative`);
  }
  if (placed.reports.some(({ intervalIndex }) => intervalIndex === report.intervalIndex)) return placed;
  return { ...placed, reports: [...placed.reports, report] };
}

const SHA256_HEX = /^[0-9a-f]{64}$/;

function checkNomination({ request }: PlacedRequest, { nominatedWh, acceptanceProofHashHex }: DrResponse): void {
  if (nominatedWh.length !== request.orderedWh.length) {
    throw new AggregatorError("RESPONSE_INVALID", `${request.orderedWh.length} nominations are needed`);
  }
  const isWithinOrder = nominatedWh.every((each, index) => each >= 0n && each <= (request.orderedWh[index] ?? 0n));
  if (!isWithinOrder) throw new AggregatorError("RESPONSE_INVALID", "a nomination must lie between 0 and the order");
  if (nominatedWh.every((each) => each === 0n)) {
    throw new AggregatorError("RESPONSE_INVALID", "an acceptance must nominate something");
  }
  if (!SHA256_HEX.test(acceptanceProofHashHex)) {
    throw new AggregatorError("RESPONSE_INVALID", "acceptanceProofHashHex must be a SHA-256 in lower-case hex");
  }
}

function isSameResponse(left: DrResponse, right: DrResponse): boolean {
  return (
    left.isAccepted === right.isAccepted &&
    left.acceptanceProofHashHex === right.acceptanceProofHashHex &&
    left.nominatedWh.length === right.nominatedWh.length &&
    left.nominatedWh.every((each, index) => each === right.nominatedWh[index])
  );
}
