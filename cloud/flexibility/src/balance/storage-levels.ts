/**
 * A battery by levels of what it stores: what passes its connection for each change between two levels. A table of
 * changes makes room for efficiencies that depend on power, which no linear program takes.
 */

/** One battery as its maker describes it. Functions MUST be pure: they are tabulated. */
export type StorageModel = {
  readonly energyKwhMax: number;
  readonly powerKwMax: number;
  /** Efficiency of one way, by share of the greatest power that passes, 0 to 1. */
  readonly efficiencyAt: (powerShare: number) => number;
  /** Share of the greatest power that is possible, by share of the energy that is stored, 0 to 1. */
  readonly powerShareAt: (fill: number) => number;
};

/** A battery in steps of `levelKwh`, so that its plan is a walk over whole levels. */
export type StorageLevels = {
  /** From empty to full. */
  readonly levelCount: number;
  readonly levelKwh: number;
  /** At the connection, for a change of -(levelCount - 1) ... levelCount - 1 levels; charging is positive. */
  readonly exchangedKwh: Float64Array;
  /** The most that may pass the connection in a step, from each level on. */
  readonly exchangedKwhMax: Float64Array;
};

/** Steps of three percent: a finer plan would be finer than any forecast of a home. */
const LEVEL_COUNT = 33;
/** Efficiency moves by a few percent over the whole range, so the fixed point is reached at once. */
const ROUNDS = 4;

/** @param stepHours length of a planned step; power times length is what can pass */
export function storageLevels(storage: StorageModel, stepHours: number): StorageLevels {
  const { energyKwhMax, powerKwMax, powerShareAt } = storage;
  const levelKwh = energyKwhMax / (LEVEL_COUNT - 1);
  return {
    levelCount: LEVEL_COUNT,
    levelKwh,
    exchangedKwh: Float64Array.from({ length: 2 * LEVEL_COUNT - 1 }, (_, index) =>
      exchangedKwh(storage, (index - LEVEL_COUNT + 1) * levelKwh, stepHours),
    ),
    exchangedKwhMax: Float64Array.from(
      { length: LEVEL_COUNT },
      (_, level) => powerKwMax * stepHours * powerShareAt(level / (LEVEL_COUNT - 1)),
    ),
  };
}

/** What passes the connection when the stored energy changes by so much: more on the way in, less on the way out. */
export function exchangedKwh({ powerKwMax, efficiencyAt }: StorageModel, storedKwh: number, stepHours: number): number {
  let through = storedKwh;
  for (let round = 0; round < ROUNDS; round += 1) {
    const efficiency = efficiencyAt(Math.min(1, Math.abs(through) / (powerKwMax * stepHours)));
    through = storedKwh >= 0 ? storedKwh / efficiency : storedKwh * efficiency;
  }
  return through;
}
