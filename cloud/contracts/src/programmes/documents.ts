import { BASELINE_METHODS, type Incentive, TIERS_MAX } from "@gridpact/settlement";
import {
  AMOUNT_MICRO,
  collection,
  decimal,
  ENERGY_WH,
  ID,
  list,
  nullable,
  object,
  oneOf,
  type Shaped,
  UNIX_MS,
  VN_ID,
  wholeNumber,
} from "../transaction/index.ts";

/** A share of something, per mille. */
export const PER_MILLE = decimal({ min: 0n });

const MINUTES_PER_DAY = 1_440;
const DAY_MS = 86_400_000;

/** A notice longer than a week is a forecast; a deadline of a month has become a lawsuit. */
const NOTICE_MS_MAX = 7 * DAY_MS;
const DEADLINE_MS_MAX = 31 * DAY_MS;

/** One in each quarter of an hour. */
const REQUESTS_PER_DAY_MAX = 96;

const INCENTIVE_FIELDS = object({
  kind: oneOf(["energy", "capacity", "tiered"]),
  /** Of `capacity`; 0 for the others. */
  capacityMicroPerWh: AMOUNT_MICRO,
  /** Of `tiered`; none for the others. */
  tiers: list(object({ uptoPerMille: PER_MILLE, priceMicroPerWh: AMOUNT_MICRO }), { min: 0, max: TIERS_MAX }),
});

/** What a contract under the programme carries with it: fixed when it is set up, whatever becomes of the programme. */
export const POLICY = object({
  incentive: INCENTIVE_FIELDS,
  /** Share of an order that may be missing without penalty. */
  deadBandPerMille: PER_MILLE,
  /** What of a device's funds stays in its contract until the window for disputes is over. */
  holdBackPerMille: PER_MILLE,
  /** From the end of the contract: how long a dispute may be opened. */
  disputeWindowMs: wholeNumber({ min: 0, max: DEADLINE_MS_MAX }),
  /** From the opening of a dispute: how long evidence is taken, and then how long a ruling may take. */
  evidenceWindowMs: wholeNumber({ min: 0, max: DEADLINE_MS_MAX }),
  rulingWindowMs: wholeNumber({ min: 0, max: DEADLINE_MS_MAX }),
});

/** When requests may be served: a daily span of local time, at a fixed offset, since contracts know no zones. */
const AVAILABILITY = object({
  utcOffsetMinutes: wholeNumber({ min: -MINUTES_PER_DAY, max: MINUTES_PER_DAY }),
  /** 0 is Sunday. */
  weekdays: list(wholeNumber({ min: 0, max: 6 }), { min: 1, max: 7 }),
  startMinute: wholeNumber({ min: 0, max: MINUTES_PER_DAY }),
  endMinute: wholeNumber({ min: 0, max: MINUTES_PER_DAY }),
});

/** A template of contracts; an agreement instantiates it for one virtual node. */
export const PROGRAMME = object({
  programmeId: ID,
  /** No contract under it may reach beyond; null for none. */
  expiresAtUnixMs: nullable(UNIX_MS),
  /** From the request to the first interval. */
  noticeMs: wholeNumber({ min: 0, max: NOTICE_MS_MAX }),
  /** Of one virtual node, by the local day of the first interval; null for no limit. */
  requestsPerDayMax: nullable(wholeNumber({ min: 1, max: REQUESTS_PER_DAY_MAX })),
  /** Null for always. */
  availability: nullable(AVAILABILITY),
  /** What one interval, and one request, may order of one virtual node; null for no limit. */
  orderedWhPerIntervalMax: nullable(ENERGY_WH),
  orderedWhPerRequestMax: nullable(ENERGY_WH),
  priceMicroPerWhMax: nullable(AMOUNT_MICRO),
  penaltyMicroPerWhMax: nullable(AMOUNT_MICRO),
  /** Penalties of one contract together, as a share of its escrow. */
  penaltyCapPerMilleMax: nullable(PER_MILLE),
  baselineMethods: list(oneOf(BASELINE_METHODS), { min: 1, max: BASELINE_METHODS.length }),
  policy: POLICY,
  /** What energy costs a prosumer, and what it is paid for export; bills are made by it. */
  tariff: object({ importMicroPerWh: AMOUNT_MICRO, exportMicroPerWh: AMOUNT_MICRO }),
  /** After a bill or claim was due: how long until the debtor may be suspended. */
  graceMs: wholeNumber({ min: 0, max: DEADLINE_MS_MAX }),
});

/** A programme as one virtual node agreed to it, with limits of its own where it has tighter ones. */
export const AGREEMENT = object({
  programmeId: ID,
  vnId: VN_ID,
  state: oneOf(["active", "ended"]),
  orderedWhPerIntervalMax: nullable(ENERGY_WH),
});

/** Requests of one virtual node on one local day. */
const REQUEST_COUNT = object({ count: wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }) });

/** Copied into every SC1 and SC2: what a programme says later cannot change a contract. */
export type Policy = Shaped<typeof POLICY>;
/** Published once and never changed; the aggregator writes it, every contract of it is checked by it. */
export type Programme = Shaped<typeof PROGRAMME>;
/** A node's own limit can only be tighter: both are checked. */
export type Agreement = Shaped<typeof AGREEMENT>;

/** By programme id; `default` is not in the state. */
export const programmeAt = collection("programme", PROGRAMME);
/** By programme, then virtual node; an ended one stays. */
export const agreementAt = collection("agreement", AGREEMENT);
/** By programme, virtual node and number of the local day since 1970. */
export const requestCountAt = collection("requests", REQUEST_COUNT);

/** The policy's incentive as the settlement rules take it. */
export function incentiveOf({ incentive }: Policy): Incentive {
  const { kind, capacityMicroPerWh, tiers } = incentive;
  switch (kind) {
    case "energy":
      return { kind };
    case "capacity":
      return { kind, capacityMicroPerWh };
    case "tiered":
      return { kind, tiers };
  }
}

/** Id of the programme that every virtual node is enrolled in from the start. */
export const DEFAULT_PROGRAMME_ID = "default";

/** Energy is paid, every missing Wh is charged, nothing is held back: what a contract without a programme says. */
export const DEFAULT_PROGRAMME: Programme = {
  programmeId: DEFAULT_PROGRAMME_ID,
  expiresAtUnixMs: null,
  noticeMs: 0,
  requestsPerDayMax: null,
  availability: null,
  orderedWhPerIntervalMax: null,
  orderedWhPerRequestMax: null,
  priceMicroPerWhMax: null,
  penaltyMicroPerWhMax: null,
  penaltyCapPerMilleMax: null,
  baselineMethods: BASELINE_METHODS,
  policy: {
    incentive: { kind: "energy", capacityMicroPerWh: 0n, tiers: [] },
    deadBandPerMille: 0n,
    holdBackPerMille: 0n,
    disputeWindowMs: 0,
    evidenceWindowMs: 0,
    rulingWindowMs: 0,
  },
  tariff: { importMicroPerWh: 0n, exportMicroPerWh: 0n },
  graceMs: 0,
};
