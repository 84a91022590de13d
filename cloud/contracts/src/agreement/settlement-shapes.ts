/** Settlements as the world state keeps them: exactly what `@gridpact/settlement` computed, so anyone can compare. */
import {
  AMOUNT_MICRO,
  ENERGY_WH,
  NET_ENERGY_WH,
  nullable,
  object,
  oneOf,
  perInterval,
  UNIX_MS,
} from "../transaction/index.ts";

const OUTCOME = oneOf(["success", "partial", "failure"]);

/** Where every micro of a contract's funds goes; see `MoneySplit`. */
const MONEY_FIELDS = {
  escrowMicro: AMOUNT_MICRO,
  depositMicro: AMOUNT_MICRO,
  paidMicro: AMOUNT_MICRO,
  penaltyMicro: AMOUNT_MICRO,
  returnedToPayerMicro: AMOUNT_MICRO,
  returnedToProviderMicro: AMOUNT_MICRO,
};

const DEVICE_INTERVAL = object({
  startUnixMs: UNIX_MS,
  endUnixMs: UNIX_MS,
  baselineWh: NET_ENERGY_WH,
  orderedWh: ENERGY_WH,
  /** Net import metered; null where no signed registers bound the interval. */
  actualWh: nullable(NET_ENERGY_WH),
  deliveredWh: ENERGY_WH,
  deficiencyWh: ENERGY_WH,
  penalisedWh: ENERGY_WH,
});

/** A `DeviceSettlement` of `@gridpact/settlement`, field by field. */
export const DEVICE_SETTLEMENT = object({
  ...MONEY_FIELDS,
  intervals: perInterval(DEVICE_INTERVAL),
  orderedWh: ENERGY_WH,
  deliveredWh: ENERGY_WH,
  deficiencyWh: ENERGY_WH,
  penalisedWh: ENERGY_WH,
  outcome: OUTCOME,
});

/** originalWh + rearrangedWh + deficientWh = orderedWh. */
const ATTRIBUTION_FIELDS = {
  orderedWh: ENERGY_WH,
  originalWh: ENERGY_WH,
  rearrangedWh: ENERGY_WH,
  deficientWh: ENERGY_WH,
};

const VIRTUAL_NODE_INTERVAL = object({
  ...ATTRIBUTION_FIELDS,
  startUnixMs: UNIX_MS,
  endUnixMs: UNIX_MS,
  deficiencyWh: ENERGY_WH,
  penalisedWh: ENERGY_WH,
});

/** A `VirtualNodeSettlement` of `@gridpact/settlement`, field by field. */
export const VIRTUAL_NODE_SETTLEMENT = object({
  ...MONEY_FIELDS,
  ...ATTRIBUTION_FIELDS,
  intervals: perInterval(VIRTUAL_NODE_INTERVAL),
  deliveredWh: ENERGY_WH,
  deficiencyWh: ENERGY_WH,
  penalisedWh: ENERGY_WH,
  outcome: OUTCOME,
});
