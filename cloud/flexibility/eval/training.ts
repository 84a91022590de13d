/**
 * How long a virtual node needs to learn its devices anew, and in how much memory: every series is a year of quarter
 * hours, the longest history that is used. Series are independent, so two processes halve the time of one.
 */
import { forecastSeries } from "../src/index.ts";
import type { EvalReport } from "./eval-report.ts";
import { readForecastCases } from "./forecast-sets.ts";

const QUARTER_MS = 900_000;
const DAY_QUARTERS = 96;
const YEAR_QUARTERS = 366 * DAY_QUARTERS;
/** A virtual node of the field trial, and a utility's. */
const FLEETS = [
  { series: 60, secondsMax: 60 },
  { series: 10_000, secondsMax: 1800 },
] as const;
/** So many are really learnt; larger fleets are extrapolated from them and said to be. */
const SAMPLE = 60;
const CORES = 2;
const MEGABYTE = 1_048_576;

/** Learns `SAMPLE` series of the folder's measured loads one after the other. */
export function evaluateTraining(dataDir: string): EvalReport {
  const loads = readForecastCases(dataDir).filter(({ kind, isSum }) => kind === "load" && !isSum);
  if (loads.length === 0) throw new Error(`${dataDir} holds no loads`);
  const histories = loads.map(({ values, stepMs, startUnixMs }) => ({
    startUnixMs,
    values: yearOfQuarters(values, stepMs / QUARTER_MS),
  }));
  const startedAt = process.cpuUsage().user;
  let rssMax = 0;
  for (let index = 0; index < SAMPLE; index += 1) {
    const history = histories[index % histories.length];
    if (history === undefined) continue;
    forecastSeries({ kind: "load", ...history }, { horizonUnits: DAY_QUARTERS });
    rssMax = Math.max(rssMax, process.memoryUsage.rss());
  }
  const secondsEach = (process.cpuUsage().user - startedAt) / 1e6 / SAMPLE;
  return {
    title: `Learning a fleet anew: ${SAMPLE} series of a year of quarter hours were learnt on one core`,
    rows: FLEETS.map(({ series, secondsMax }) => {
      const seconds = (secondsEach * series) / CORES;
      const basis = series <= SAMPLE ? "measured, halved for two cores" : "extrapolated from the sample";
      return {
        series,
        "CPU s/series": secondsEach,
        "s on two cores": seconds,
        "at most s": secondsMax,
        met: seconds <= secondsMax,
        "memory MB": rssMax / MEGABYTE,
        basis,
      };
    }),
    remarks: [
      `${histories.length} measured series take turns; hourly ones stand for four quarters, short ones repeat.`,
      "memory: of the whole process with all sample histories; a series is let go of once it is learnt.",
    ],
  };
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
