/** OpenADR dispatches power; Gridpact orders energy. Both are exact for whole Wh in intervals of up to a day. */

const MS_PER_HOUR = 3_600_000;

/** Mean power in W of an energy over an interval. */
export function meanPowerW(energyWh: bigint, intervalMs: number): number {
  return (Number(energyWh) * MS_PER_HOUR) / intervalMs;
}

/** Energy of a mean power over an interval, to the nearest Wh. */
export function energyWhOf(powerW: number, intervalMs: number): bigint {
  return BigInt(Math.round((powerW * intervalMs) / MS_PER_HOUR));
}
