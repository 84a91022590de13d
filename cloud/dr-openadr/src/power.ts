/** OpenADR dispatches power; Gridpact orders energy. Both are exact for whole Wh in intervals of up to a day. */

const MS_PER_HOUR = 3_600_000;

/** Mean power in W of an energy over an interval. */
export function meanPowerW(energyWh: bigint, intervalMs: number): number {
  return (Number(energyWh) * MS_PER_HOUR) / intervalMs;
}

/** Energy of a mean power over an interval, to the nearest Wh; undefined beyond what `wholeOf` counts. */
export function energyWhOf(powerW: number, intervalMs: number): bigint | undefined {
  return wholeOf((powerW * intervalMs) / MS_PER_HOUR);
}

/**
 * To the nearest whole number. Undefined where doubles do not count one by one (2^53 and more) and for what is no
 * number: the other party may write 1e308, which a factor makes infinite.
 */
export function wholeOf(value: number): bigint | undefined {
  const whole = Math.round(value);
  return Number.isSafeInteger(whole) ? BigInt(whole) : undefined;
}
