import type { DrReport, DrRequest } from "@gridpact/proto";

/**
 * Where an event stands on this node. Every arrow is one durable step; a crash repeats at most the step it hit.
 * ```
 * planned -> responded -> running -> settling -> settled -> completed
 *    |           +-> abandoned          SC1 came too late, never, or with other terms than accepted
 *    +-> refused
 * ```
 */
export type EventPhase =
  | "planned"
  | "responded"
  | "running"
  | "settling"
  | "settled"
  | "completed"
  | "refused"
  | "abandoned";

/** A device that may serve the event, with everything that is committed about it before the event starts. */
export type Candidate = {
  deviceId: string;
  feeder: string;
  /** Net import without the event, by the method of the request; Wh per interval. */
  baselineWh: bigint[];
  /** Days behind the baseline, `YYYY-MM-DD`, newest first. */
  baselineDates: string[];
  /** Net import expected on the day; Wh per interval. */
  forecastWh: bigint[];
  /** Largest reduction against the baseline that may be ordered; Wh per interval. */
  reducibleWh: bigint[];
  /** Share of an order that it is expected to deliver: the matching policy's estimate times its availability. */
  reliabilityPerMille: number;
  /** How far the delivery may lie from that, per mille of the order. */
  spreadPerMille: number;
  /** Added to its merit, not to its pay, for having been called beyond its fair share; per mille of the price. */
  turnSurchargePerMille: number;
  /** SHA-256 (hex) of the history behind the forecast; no reading from `dataUntilUnixMs` on is in it. */
  historyHashHex: string;
  dataUntilUnixMs: number;
  /** Left out in documents of versions that paid all devices alike. */
  offer?: DeviceOffer;
};

/** What calling on a device costs and takes, beyond what is reduced in each interval. */
export type DeviceOffer = {
  /** What its contract pays. */
  priceMicroPerWh: bigint;
  /** What a kWh ordered of it earns it by the programme's incentive when all is delivered. */
  kwhPayMicro: bigint;
  /** Largest reduction in each interval alone, Wh; over the event its energy may be less than their sum. */
  intervalLimitWh: bigint[];
  /** Most that one event may take; null without a limit. */
  energyLimitWh: bigint | null;
  /** Drawn after the event, of what was reduced; per mille. */
  reboundPerMille: number;
  /** Net import expected in the market time units after the event in which that happens, Wh. */
  afterWh: bigint[];
};

/** `planned` -> `offered` (SC2 exists) -> `accepted` (by the device's own signature) | `lapsed` (it did not). */
export type AssignmentStatus = "planned" | "offered" | "accepted" | "lapsed";

/** What an amendment puts in the place of a contract's order. */
export type AmendedOrder = {
  /** Amendments of one contract are numbered from 1. */
  amendmentNo: number;
  /** Wh in each interval of the contract. */
  orderedWh: bigint[];
  penaltyCapMicro: bigint;
};

/** One SC2: a device, from some interval of the event to its end. */
export type Assignment = {
  contractId: string;
  deviceId: string;
  kind: "original" | "replacement";
  firstInterval: number;
  /** As the device agreed to it: Wh in each interval from the first one on. */
  orderedWh: bigint[];
  /** The newest amendment on the ledger; null while there is none. */
  amendment: AmendedOrder | null;
  /** The device's signature must be on the ledger by then; set when the contract is offered. */
  consentByUnixMs: number;
  status: AssignmentStatus;
  /** Chunk of the SC1 in which the ledger has it; null while it is planned, and for an offer that was refused. */
  chunkNo: number | null;
  /** The ledger has settled it, or expired it when it was never accepted. */
  isSettled: boolean;
  /** Settlements of this contract that the ledger refused so far. */
  settleRefusals: number;
};

/** A change of one contract's order, and the device's signature over it once it is there. */
export type ProposedChange = AmendedOrder & { contractId: string; signatureHex: string | null };

/** Changes that go to the ledger in one transaction, and replacements that it names as joined. */
export type AmendmentBatch = { changes: ProposedChange[]; joinedIds: string[] };

/** A re-arrangement under way: first devices are asked for their signatures, then what they signed is handed in. */
export type Amending = {
  /** Declined ones are dropped. */
  changes: ProposedChange[];
  /** Replacements of the same round. */
  joinedIds: string[];
  /** What is signed by then is handed in; the first interval that changes begins soon after. */
  decideByUnixMs: number;
  /** What is left to be handed in; null while devices are still asked. */
  batches: AmendmentBatch[] | null;
};

/** One request and all that came of it, one file each: written by the agent's steps, read by page, metrics and CLI. */
export type EventDocument = {
  request: DrRequest;
  phase: EventPhase;
  /** Why it was refused or abandoned, in words; else empty. */
  reason: string;
  candidates: Candidate[];
  /** Promised to the aggregator; Wh per interval. */
  nominatedWh: bigint[];
  assignments: Assignment[];
  /** Rounds of re-arrangement so far. */
  round: number;
  /** Null while no order is being amended. */
  amending: Amending | null;
  /** Devices found to deliver less than ordered: what they deliver of what they first agreed to, per mille. */
  deliveringPerMille: Record<string, number>;
  /** Reports that the aggregator has, in order of intervals. */
  reports: DrReport[];
  /** When the plan was made; what "meter before" means by before. */
  plannedAtUnixMs: number;
  /** Contracts settled with gaps, once it is completed, which readings that arrive later may still close. */
  gapContractIds?: string[];
  /** Height of the ledger then: every transaction of the event is in this block or a later one. */
  plannedAtHeight: number;
};

/** Whether nothing is left to do for it. */
export function isFinished({ phase, gapContractIds }: EventDocument): boolean {
  if (phase === "completed") return gapContractIds === undefined;
  return phase === "refused" || phase === "abandoned";
}

/** 0 for a request without intervals, which is refused before anything is planned. */
export function eventStartUnixMs({ request }: EventDocument): number {
  return request.intervals[0]?.startUnixMs ?? 0;
}

/** End of the last interval; 0 as above. */
export function eventEndUnixMs({ request }: EventDocument): number {
  return request.intervals.at(-1)?.endUnixMs ?? 0;
}

/** Instants at which the registers of an assignment's device are evidence: one more than it has intervals. */
export function boundariesOf({ request }: EventDocument, firstInterval: number): number[] {
  const intervals = request.intervals.slice(firstInterval);
  return [...intervals.slice(0, 1).map((first) => first.startUnixMs), ...intervals.map((each) => each.endUnixMs)];
}

/** The document with some assignments changed; the same document when the change returns its argument for each. */
export function withAssignments(event: EventDocument, change: (assignment: Assignment) => Assignment): EventDocument {
  const assignments = event.assignments.map(change);
  const isSame = assignments.every((assignment, index) => assignment === event.assignments[index]);
  return isSame ? event : { ...event, assignments };
}

/** Order of an assignment in force, Wh in each interval from its first one on. */
export function orderInForce({ amendment, orderedWh }: Pick<Assignment, "amendment" | "orderedWh">): bigint[] {
  return amendment?.orderedWh ?? orderedWh;
}

/** Order in force of an assignment for an interval of the event; 0 before its first one. */
export function orderedAt(assignment: Assignment, interval: number): bigint {
  return orderInForce(assignment)[interval - assignment.firstInterval] ?? 0n;
}

/** As the device first agreed to it. */
export function plannedAt({ orderedWh, firstInterval }: Assignment, interval: number): bigint {
  return orderedWh[interval - firstInterval] ?? 0n;
}

/** Baseline of a device for an interval of the event. */
export function baselineAt(candidates: readonly Candidate[], deviceId: string, interval: number): bigint {
  return candidates.find((candidate) => candidate.deviceId === deviceId)?.baselineWh[interval] ?? 0n;
}
