import type { DeviceOrder } from "@gridpact/flexibility";
import { larger, share, smaller, sumOf } from "@gridpact/settlement";
import type { VnAgentOptions } from "../agent-options.ts";
import { penaltyCapFor } from "../contract/index.ts";
import {
  type Assignment,
  type EventDocument,
  orderedAt,
  orderInForce,
  type ProposedChange,
  plannedAt,
} from "../document/index.ts";

/** What a round of re-arrangement moves, from its first interval on. */
type Moved = {
  firstInterval: number;
  /** What devices that have a contract take over, Wh in each interval of the event. */
  additions: readonly DeviceOrder[];
  /** What devices that get one take over. */
  replacements: readonly Assignment[];
};

const PER_MILLE_WHOLE = 1_000;

/**
 * Changes of orders that follow from a re-arrangement: more for those that take over, and less for those that fall
 * short. Cut is at most what others take over, and never below what a device is seen to deliver with the tolerance on
 * top: it would not sign less. Only the first interval is cut, as a device that fails now may recover, and one that is
 * let off does not even try.
 */
export function proposeChanges(event: EventDocument, moved: Moved, options: VnAgentOptions): ProposedChange[] {
  const raises = moved.additions.flatMap(({ deviceId, orderedWh }) => {
    const assignment = event.assignments.find((each) => each.deviceId === deviceId);
    return assignment === undefined ? [] : [changed(event, { assignment, changeWh: orderedWh }, options)];
  });
  return [...cutsFor(event, moved, options), ...raises];
}

function cutsFor(event: EventDocument, moved: Moved, options: VnAgentOptions): ProposedChange[] {
  const coveredWh = takenOver(event, moved);
  return event.assignments.filter(isShort(event)).flatMap((assignment) => {
    const changeWh = coveredWh.map((openWh, index) => {
      const cutWh = index !== moved.firstInterval ? 0n : smaller(openWh, excess(event, { assignment, index }, options));
      coveredWh[index] = openWh - cutWh;
      return -cutWh;
    });
    return changeWh.every((each) => each === 0n) ? [] : [changed(event, { assignment, changeWh }, options)];
  });
}

function isShort({ deliveringPerMille }: EventDocument) {
  return ({ status, deviceId }: Assignment) => status === "accepted" && deliveringPerMille[deviceId] !== undefined;
}

function takenOver({ request }: EventDocument, { additions, replacements }: Moved): bigint[] {
  return request.intervals.map((_, index) => {
    const added = additions.map(({ orderedWh }) => orderedWh[index] ?? 0n);
    return sumOf([...added, ...replacements.map((each) => orderedAt(each, index))]);
  });
}

/** What a device has ordered beyond what it delivers. */
function excess(
  { deliveringPerMille }: EventDocument,
  { assignment, index }: { assignment: Assignment; index: number },
  { tolerancePerMille }: VnAgentOptions,
): bigint {
  const rate = Math.min(PER_MILLE_WHOLE, (deliveringPerMille[assignment.deviceId] ?? 0) + tolerancePerMille);
  return larger(0n, orderedAt(assignment, index) - share(plannedAt(assignment, index), rate));
}

function changed(
  event: EventDocument,
  { assignment, changeWh }: { assignment: Assignment; changeWh: readonly bigint[] },
  options: VnAgentOptions,
): ProposedChange {
  const { contractId, deviceId, amendment, firstInterval } = assignment;
  const orderedWh = orderInForce(assignment).map((each, index) => each + (changeWh[firstInterval + index] ?? 0n));
  const penaltyCapMicro = penaltyCapFor(event, { deviceId, orderedWh }, options);
  return { contractId, amendmentNo: (amendment?.amendmentNo ?? 0) + 1, orderedWh, penaltyCapMicro, signatureHex: null };
}
