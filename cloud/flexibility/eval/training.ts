/**
 * How long a virtual node needs to learn its devices anew, and in how much memory: every series is a year of quarter
 * hours, the longest history that is used. Series are independent, so each core has a thread of its own.
 */
import { Worker } from "node:worker_threads";
import type { EvalReport } from "./eval-report.ts";
import { readForecastCases } from "./forecast-sets.ts";
import type { LearningTask, LearntSeries } from "./learn-fleet.ts";

const QUARTER_MS = 900_000;
const DAY_QUARTERS = 96;
const YEAR_QUARTERS = 366 * DAY_QUARTERS;
/** The device count of a virtual node of the field trial, and of a utility's, with the time that each may take. */
const SECONDS_MAX = new Map([
  [60, 60],
  [10_000, 1_800],
]);
const CORES = 2;
const MEGABYTE = 1_048_576;
/** Memory is flat when the last part of a fleet needs no more than the first one. */
const MEMORY_PARTS = 4;

/** As many series as a field trial has; a larger fleet takes minutes and has to be asked for. */
export const TRAINING_SERIES = 60;

type Progress = { learnt: number; rssMaxByPart: number[] };

/** Learns `seriesCount` series of the folder's measured loads on all cores; nothing is extrapolated. */
export async function evaluateTraining(dataDir: string, seriesCount = TRAINING_SERIES): Promise<EvalReport> {
  const histories = yearsOfLoads(dataDir);
  const progress: Progress = { learnt: 0, rssMaxByPart: new Array<number>(MEMORY_PARTS).fill(0) };
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: CORES }, (_, core) =>
      learnOn({ histories, first: core, step: CORES, seriesCount }, () => count(progress, seriesCount)),
    ),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const secondsMax = SECONDS_MAX.get(seriesCount) ?? null;
  const [first = 0] = progress.rssMaxByPart;
  return {
    title: `Learning a fleet anew: a year of quarter hours of each series, ${CORES} threads`,
    rows: [
      {
        series: progress.learnt,
        s: seconds,
        "at most s": secondsMax,
        met: secondsMax === null ? null : seconds <= secondsMax,
        "CPU s/series": (user + system) / 1e6 / progress.learnt,
        "memory MB, first quarter": first / MEGABYTE,
        "memory MB, last quarter": (progress.rssMaxByPart.at(-1) ?? 0) / MEGABYTE,
      },
    ],
    remarks: [
      `${histories.length} measured series take turns; hourly ones stand for four quarters, short ones repeat.`,
      "memory: most of the whole process with all sample histories, while that quarter of the fleet was learnt.",
    ],
  };
}

/** Runs a thread to its end. `onLearnt` is called for every series that it has learnt. */
function learnOn(task: LearningTask, onLearnt: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./learn-fleet.ts", import.meta.url), { workerData: task });
    worker.on("message", (_: LearntSeries) => onLearnt());
    worker.on("error", reject);
    worker.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`a learning thread ended with ${code}`))));
  });
}

function count(progress: Progress, seriesCount: number): void {
  const part = Math.floor((progress.learnt * MEMORY_PARTS) / seriesCount);
  progress.rssMaxByPart[part] = Math.max(progress.rssMaxByPart[part] ?? 0, process.memoryUsage.rss());
  progress.learnt += 1;
}

function yearsOfLoads(dataDir: string): LearningTask["histories"] {
  const loads = readForecastCases(dataDir).filter(({ kind, isSum }) => kind === "load" && !isSum);
  if (loads.length === 0) throw new Error(`${dataDir} holds no loads`);
  return loads.map(({ values, stepMs, startUnixMs }) => ({
    startUnixMs,
    values: yearOfQuarters(values, stepMs / QUARTER_MS),
  }));
}

/** The last year of a series on quarter hours; a shorter one is repeated by whole days until it fills the year. */
function yearOfQuarters(values: Float64Array, quartersPerStep: number): Float64Array {
  const days = Math.max(1, Math.floor((values.length * quartersPerStep) / DAY_QUARTERS));
  const length = days * DAY_QUARTERS;
  return Float64Array.from({ length: YEAR_QUARTERS }, (_, quarter) => {
    const back = (YEAR_QUARTERS - 1 - quarter) % length;
    return values[values.length - 1 - Math.floor(back / quartersPerStep)] ?? Number.NaN;
  });
}
