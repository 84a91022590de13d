/** Terms of the demonstration's programme and what its accounts hold at first; money in micro-euro. */
const EURO_MICRO = 1_000_000n;

export const VN_IDS = ["district", "offices"] as const;

/** 0.40 EUR/kWh for the district, 0.45 for the offices: the district is asked first. */
export const VN_PRICE_MICRO_PER_WH: Record<(typeof VN_IDS)[number], bigint> = { district: 400n, offices: 450n };

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

/** What the administrator mints when an account is opened. */
export const OPENING_BALANCE_MICRO = {
  aggregator: 10_000n * EURO_MICRO,
  virtualNode: 2_000n * EURO_MICRO,
  device: 200n * EURO_MICRO,
} as const;

/** Market time unit. */
export const MTU_MS = 900_000;
