/**
 * Shares a planned charge or discharge among batteries by what each can take or give, so that all fill and empty
 * together and the pool keeps its full power.
 *
 * @param capacitiesKwh what each battery can take (or give) in this step
 */
export function shareByCapacity(wantedKwh: number, capacitiesKwh: readonly number[]): number[] {
  const totalKwh = capacitiesKwh.reduce((sum, kwh) => sum + Math.max(0, kwh), 0);
  const share = totalKwh > 0 ? Math.min(1, wantedKwh / totalKwh) : 0;
  return capacitiesKwh.map((kwh) => share * Math.max(0, kwh));
}
