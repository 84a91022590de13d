/** A thread that learns its part of a fleet, and says so for every series: the other side of `training.ts`. */
import { parentPort, workerData } from "node:worker_threads";
import { forecastSeries } from "../src/index.ts";

/** Given to one worker thread by structured clone, so plain data alone. */
export type LearningTask = {
  /** Measured series of one year on quarter hours, which take turns. */
  readonly histories: readonly { readonly startUnixMs: number; readonly values: Float64Array }[];
  /** This thread learns series `first`, `first + step`, ... below `seriesCount`. */
  readonly first: number;
  readonly step: number;
  readonly seriesCount: number;
};

/** Sent for each series when it is learnt; `mase` (mean absolute scaled error) is null without two days to judge by. */
export type LearntSeries = { readonly series: number; readonly mase: number | null };

const DAY_QUARTERS = 96;

const { histories, first, step, seriesCount } = workerData as LearningTask;
for (let series = first; series < seriesCount; series += step) {
  const history = histories[series % histories.length];
  if (history === undefined) break;
  const { mase } = forecastSeries({ kind: "load", ...history }, { horizonUnits: DAY_QUARTERS });
  parentPort?.postMessage({ series, mase } satisfies LearntSeries);
}
