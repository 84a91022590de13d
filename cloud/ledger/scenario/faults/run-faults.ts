import { BREAKING, type Breaking, type Fault } from "./fault-point.ts";
import { type Plant, playRound } from "./settlement-round.ts";

/** `sumDifferenceMicro`: micro-euro that were there too many or too few, over all rounds; anything but 0 is a bug. */
export type FaultsResult = {
  /** Rounds in which the fault came. */
  faults: number;
  paidTwice: number;
  unpaid: number;
  sumDifferenceMicro: number;
  /** How many faults broke what. */
  byPart: Record<Breaking, number>;
};

/**
 * Plays so many rounds with one fault each: every call of every part is broken, before and after it is carried out, and
 * when all were, all again with other random numbers.
 */
export async function runFaults(
  wanted: number,
  options: { seed: string; plant?: Plant; onRound?: (done: number) => void },
): Promise<FaultsResult> {
  const { seed, plant, onRound } = options;
  const byPart = Object.fromEntries(BREAKING.map((part) => [part, 0])) as Record<Breaking, number>;
  const result: FaultsResult = { faults: 0, paidTwice: 0, unpaid: 0, sumDifferenceMicro: 0, byPart };
  for (const { fault, turn } of faultsWithoutEnd(await callsByPart(seed))) {
    if (result.faults >= wanted) break;
    const round = await playRound(`${seed} ${turn}`, fault, plant);
    if (!round.hasHappened) continue;
    result.faults += 1;
    result.byPart[fault.breaks] += 1;
    result.paidTwice += round.paidTwice;
    result.unpaid += round.unpaid;
    result.sumDifferenceMicro += Number(round.sumDifferenceMicro);
    onRound?.(result.faults);
  }
  return result;
}

/** How many calls each part makes when nothing breaks. */
async function callsByPart(seed: string): Promise<Record<Breaking, number>> {
  const calls = {} as Record<Breaking, number>;
  for (const breaks of BREAKING) {
    const never: Fault = { breaks, at: Number.POSITIVE_INFINITY, isActDone: false };
    calls[breaks] = (await playRound(`${seed} dry`, never)).calls;
  }
  return calls;
}

/** Parts take turns, so that a short run breaks each of them. */
function* faultsWithoutEnd(calls: Record<Breaking, number>): Generator<{ fault: Fault; turn: number }> {
  for (let turn = 0; ; turn++) {
    for (const breaks of BREAKING) {
      // A step that has no divisor in common with the count walks over all of them, far apart from each other.
      const at = 1 + ((Math.floor(turn / 2) * STRIDE) % calls[breaks]);
      yield { fault: { breaks, at, isActDone: turn % 2 === 0 }, turn };
    }
  }
}

/** A prime above the calls that any part makes. */
const STRIDE = 7_919;
