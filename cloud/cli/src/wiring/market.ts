import type { Programme } from "@gridpact/contracts";
import { RESOURCE_KIND, type ResourceKind } from "@gridpact/proto";
import { BASELINE_METHODS } from "@gridpact/settlement";

/** Terms of the demonstration's programme and what its accounts hold at first; money in micro-euro. */
const EURO_MICRO = 1_000_000n;

/** The first one is asked first, as it is cheaper; commands name its contract in their hints. */
export const VN_IDS = ["district", "offices"] as const;

/** 0.40 EUR/kWh for the district, 0.45 for the offices: the district is asked first. */
export const VN_PRICE_MICRO_PER_WH: Record<(typeof VN_IDS)[number], bigint> = { district: 400n, offices: 450n };

/** Whether a name, such as a user's or a directory's, is of the demonstration's nodes. */
export function isVnId(text: string): text is (typeof VN_IDS)[number] {
  return (VN_IDS as readonly string[]).includes(text);
}

/**
 * What a device gets of its node's price by what stands behind it, per mille. A car or a warm house is made up for
 * unnoticed; appliances that wait are in somebody's way; light that is dimmed is gone; each cycle ages a battery.
 */
export const KIND_PRICE_SHARES: Partial<Record<ResourceKind, number>> = {
  [RESOURCE_KIND.EV]: 650,
  [RESOURCE_KIND.HEAT_PUMP]: 700,
  [RESOURCE_KIND.RELAY]: 750,
  [RESOURCE_KIND.DIMMER]: 800,
  [RESOURCE_KIND.BATTERY]: 850,
};

/** Most that the programme pays, 0.50 EUR/kWh: above what both nodes want, so that neither is left out by price. */
export const PRICE_MICRO_PER_WH_MAX = 500n;

/** Half as dear again as the energy: falling short must cost more than staying out. */
const PENALTY_MICRO_PER_WH = 600n;

/** All penalties of one contract together stay below its value. */
const PENALTY_CAP_PER_MILLE = 1_000;

/** The programme of the DSO that the demonstration's events are of, and what was agreed on with it. */
export const PROGRAMME = "urn:gridpact:programme:peak-relief";
export const PROGRAMME_TERMS = {
  penaltyMicroPerWh: PENALTY_MICRO_PER_WH,
  penaltyCapPerMille: PENALTY_CAP_PER_MILLE,
  baselineMethod: "tenInTen",
} as const;

const HOUR_MS = 3_600_000;

/**
 * The programme on the ledger that nodes are asked under. A tenth of every payment stays in its contract while its
 * settlement may be disputed. A node settles half an hour after the end at the latest; two hours leave a device that
 * was cut off the time to come back, and the rest is for whoever brings evidence and for the auditor.
 */
export const LEDGER_PROGRAMME: Programme = {
  programmeId: "peak-relief",
  expiresAtUnixMs: null,
  noticeMs: 0,
  requestsPerDayMax: null,
  availability: null,
  orderedWhPerIntervalMax: null,
  orderedWhPerRequestMax: null,
  priceMicroPerWhMax: PRICE_MICRO_PER_WH_MAX,
  penaltyMicroPerWhMax: PENALTY_MICRO_PER_WH,
  penaltyCapPerMilleMax: null,
  // The operator chooses one for each event; the demonstration's are those of PROGRAMME_TERMS.
  baselineMethods: [...BASELINE_METHODS],
  policy: {
    incentive: { kind: "energy", capacityMicroPerWh: 0n, tiers: [] },
    deadBandPerMille: 0n,
    holdBackPerMille: 100n,
    disputeWindowMs: 2 * HOUR_MS,
    evidenceWindowMs: HOUR_MS,
    rulingWindowMs: HOUR_MS,
  },
  tariff: { importMicroPerWh: 0n, exportMicroPerWh: 0n },
  graceMs: 0,
};

/** What the administrator mints when an account is opened. */
export const OPENING_BALANCE_MICRO = {
  aggregator: 10_000n * EURO_MICRO,
  virtualNode: 2_000n * EURO_MICRO,
  device: 200n * EURO_MICRO,
} as const;

/** Market time unit. */
export const MTU_MS = 900_000;
