import { share, sumOf } from "@gridpact/settlement";
import type { VnAgentOptions } from "../agent-options.ts";
import { type Assignment, baselineAt, type EventDocument } from "../document/index.ts";
import type { Sc2Terms } from "../ledger/index.ts";

/** Terms of an assignment's contract; a function of the event alone, so that every crash leads to the same terms. */
export function sc2Terms(event: EventDocument, assignment: Assignment, options: VnAgentOptions): Sc2Terms {
  const { request, candidates } = event;
  const { contractId, deviceId, kind, firstInterval, orderedWh } = assignment;
  const { priceMicroPerWh, penaltyCapMicro } = pricesFor(event, assignment, options);
  return {
    contractId,
    sc1Id: request.contractId,
    deviceId,
    intervals: request.intervals.slice(firstInterval),
    orderedWh,
    baselineWh: orderedWh.map((_, index) => baselineAt(candidates, deviceId, firstInterval + index)),
    priceMicroPerWh,
    penaltyMicroPerWh: share(request.penaltyMicroPerWh, options.devicePenaltySharePerMille),
    penaltyCapMicro,
    kind,
  };
}

/** Most that a device can lose by an order. */
export function penaltyCapFor(
  event: EventDocument,
  order: Pick<Assignment, "deviceId" | "orderedWh">,
  options: VnAgentOptions,
): bigint {
  return pricesFor(event, order, options).penaltyCapMicro;
}

function pricesFor(
  { request, candidates }: EventDocument,
  { deviceId, orderedWh }: Pick<Assignment, "deviceId" | "orderedWh">,
  options: VnAgentOptions,
) {
  const offered = candidates.find((each) => each.deviceId === deviceId)?.offer?.priceMicroPerWh;
  // An event that a version planned which knew of one price is carried through at that.
  const priceMicroPerWh = offered ?? share(request.priceMicroPerWh, options.devicePriceSharePerMille);
  const valueMicro = sumOf(orderedWh) * priceMicroPerWh;
  return { priceMicroPerWh, penaltyCapMicro: share(valueMicro, options.devicePenaltyCapPerMille) };
}
