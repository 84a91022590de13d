/** Geometry of a receipt's plot as a pure function: expected use, metered use and order, interval by interval. */
import type { ReceiptStory } from "@gridpact/ledger/receipts";
import { energyText, timeOf } from "@gridpact/page/amounts.js";

const PLOT = { width: 720, height: 260, left: 72, right: 8, top: 12, bottom: 28 };
const GRID_LINES = 4;
const BAR_SHARE = 0.62;
/** More labels than this would overlap on a phone. */
const TIME_LABELS_MAX = 8;

type Box = { y: number; height: number };

/** In units of the drawing, y downwards. */
export type IntervalPlot = typeof PLOT & {
  bars: { x: number; width: number; metered: Box | null; label: string; title: string }[];
  /** Steps: expected without the event, and that less the order. */
  baseline: string;
  ordered: string;
  levels: { y: number; label: string }[];
  zeroY: number;
};

/** An interval without a reading has no bar (`metered` null), not one of height 0. */
export function intervalPlot({ receipt }: ReceiptStory): IntervalPlot {
  const { intervals } = receipt.settlement;
  const values = intervals.flatMap(({ baselineWh, orderedWh, actualWh }) =>
    [baselineWh, baselineWh - orderedWh, actualWh ?? 0n].map(Number),
  );
  // Who makes more than it uses is below zero.
  const [low, high] = [Math.min(0, ...values), Math.max(1, ...values)];
  const height = PLOT.height - PLOT.top - PLOT.bottom;
  const slot = (PLOT.width - PLOT.left - PLOT.right) / Math.max(1, intervals.length);
  const yOf = (wh: number) => round(PLOT.top + height - ((wh - low) / (high - low)) * height);
  const zeroY = yOf(0);
  const labelEvery = Math.max(1, Math.ceil(intervals.length / TIME_LABELS_MAX));
  const steps = (heights: readonly number[]) =>
    heights
      .flatMap((wh, index) => [0, 1].map((end) => `${round(PLOT.left + slot * (index + end))},${yOf(wh)}`))
      .join(" ");
  return {
    ...PLOT,
    zeroY,
    bars: intervals.map((each, index) => ({
      x: round(PLOT.left + slot * (index + (1 - BAR_SHARE) / 2)),
      width: round(slot * BAR_SHARE),
      metered: each.actualWh === null ? null : boxOf(yOf(Number(each.actualWh)), zeroY),
      label: index % labelEvery === 0 ? timeOf(each.startUnixMs) : "",
      title: titleOf(each),
    })),
    baseline: steps(intervals.map(({ baselineWh }) => Number(baselineWh))),
    ordered: steps(intervals.map(({ baselineWh, orderedWh }) => Number(baselineWh - orderedWh))),
    levels: Array.from({ length: GRID_LINES + 1 }, (_, index) => {
      const wh = low + ((high - low) / GRID_LINES) * index;
      return { y: yOf(wh), label: energyText(Math.round(wh)) };
    }),
  };
}

/** One sentence that says what the plot shows, for people who do not see it. */
export function plotSentence({ receipt }: ReceiptStory): string {
  const { intervals, deliveredWh, orderedWh } = receipt.settlement;
  const baselineWh = intervals.reduce((total, each) => total + each.baselineWh, 0n);
  const meteredWh = intervals.reduce((total, each) => total + (each.actualWh ?? 0n), 0n);
  return (
    `${energyText(baselineWh)} expected and ${energyText(meteredWh)} metered in ${intervals.length} intervals; ` +
    `${energyText(deliveredWh)} of ${energyText(orderedWh)} ordered were delivered.`
  );
}

type SettledInterval = ReceiptStory["receipt"]["settlement"]["intervals"][number];

function titleOf({ startUnixMs, baselineWh, actualWh, orderedWh, deliveredWh }: SettledInterval): string {
  const metered = actualWh === null ? "not read" : `${energyText(actualWh)} metered`;
  const expected = `${energyText(baselineWh)} expected, ${metered}`;
  return `${timeOf(startUnixMs)}: ${expected}, ${energyText(deliveredWh)} of ${energyText(orderedWh)} delivered`;
}

function boxOf(y: number, zeroY: number): Box {
  return { y: Math.min(y, zeroY), height: round(Math.abs(zeroY - y)) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
