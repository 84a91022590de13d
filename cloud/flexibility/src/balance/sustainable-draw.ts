/** Halvings of the interval: to a millionth of the highest draw. */
const HALVINGS = 20;

/**
 * The highest draw that storage would have had to leave on the worst of some days, kWh in a step. An outlook is a mean
 * and smooth: storage that believes it is empty when the peak comes. So nothing below this is aimed at.
 *
 * @param days net use of all members in each step, kWh
 * @param energyKwh what storage could have given on each of them
 */
export function sustainableDraw(days: readonly (readonly number[])[], energyKwh: number): number {
  return Math.max(0, ...days.map((netKwh) => levelOf(netKwh, energyKwh)));
}

/** The level above which just that energy lies. */
function levelOf(netKwh: readonly number[], energyKwh: number): number {
  let [low, high] = [0, Math.max(0, ...netKwh)];
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const level = (low + high) / 2;
    const aboveKwh = netKwh.reduce((sum, net) => sum + Math.max(0, net - level), 0);
    if (aboveKwh > energyKwh) low = level;
    else high = level;
  }
  return high;
}
