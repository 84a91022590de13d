/** Geometry and wording of the live page as pure functions, so that tests need no browser. */
import { energyText, timeOf } from "@gridpact/page/amounts.js";

const CHART = { width: 720, height: 240, left: 72, right: 8, top: 10, bottom: 26 };
const GRID_LINES = 4;
const BAR_SHARE = 0.72;
/** More labels than this would overlap on a phone. */
const TIME_LABELS_MAX = 8;

/** Bars, grid lines and labels of the chart of one event; lengths in SVG units, energies in Wh as decimal text. */
export function chartModel(intervals, nowUnixMs) {
  const topWh = niceTop(Math.max(1, ...intervals.map((each) => Number(each.requestedWh))));
  const plotHeight = CHART.height - CHART.top - CHART.bottom;
  const slot = (CHART.width - CHART.left - CHART.right) / Math.max(1, intervals.length);
  const heightOf = (wh) => (Number(wh) / topWh) * plotHeight;
  const floor = CHART.top + plotHeight;
  const labelEvery = Math.ceil(intervals.length / TIME_LABELS_MAX);
  const bars = intervals.map((each, index) => {
    const requested = heightOf(each.requestedWh);
    const delivered = each.deliveredWh === null ? null : heightOf(each.deliveredWh);
    return {
      x: CHART.left + slot * (index + (1 - BAR_SHARE) / 2),
      width: slot * BAR_SHARE,
      requested: { y: floor - requested, height: requested },
      delivered: delivered === null ? null : { y: floor - delivered, height: delivered },
      short: delivered === null ? null : { y: floor - requested, height: Math.max(0, requested - delivered) },
      label: index % labelEvery === 0 ? timeOf(each.startUnixMs) : "",
      title: titleOf(each),
    };
  });
  const lines = Array.from({ length: GRID_LINES + 1 }, (_, index) => {
    const wh = (topWh / GRID_LINES) * index;
    return { y: floor - heightOf(wh), label: energyText(String(Math.round(wh))) };
  });
  return { ...CHART, floor, bars, lines, nowX: nowPosition(intervals, nowUnixMs) };
}

/** One sentence that says what the chart shows, for people who do not see it. */
export function chartSentence(intervals) {
  const reported = intervals.filter((each) => each.deliveredWh !== null);
  const requestedWh = sum(intervals.map((each) => each.requestedWh));
  const deliveredWh = sum(reported.map((each) => each.deliveredWh));
  const progress = `${reported.length} of ${intervals.length} intervals reported`;
  return `${energyText(requestedWh)} requested, ${energyText(deliveredWh)} delivered so far; ${progress}.`;
}

/** Points of a line over the samples, scaled into the box. */
export function sparkPoints(samples, { width, height }) {
  if (samples.length < 2) return "";
  const values = samples.map((each) => each.importW);
  const low = Math.min(...values);
  const span = Math.max(...values) - low || 1;
  return values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * width;
      const y = height - ((value - low) / span) * height;
      return `${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}

/**
 * A node's forecast with its band and the power that was metered since, scaled into the box. Null while there is none.
 * `samples` before the forecast's start or after its end are left out.
 */
export function forecastModel(forecast, samples, { width, height }) {
  if (forecast === null || forecast.expectedW.length < 2) return null;
  const { startUnixMs, mtuMs, expectedW, lowerW, upperW } = forecast;
  const spanMs = expectedW.length * mtuMs;
  const metered = samples.filter(({ atUnixMs }) => atUnixMs >= startUnixMs && atUnixMs <= startUnixMs + spanMs);
  const powers = [...lowerW, ...upperW, ...metered.map(({ importW }) => importW)];
  const low = Math.min(...powers);
  const span = Math.max(...powers) - low || 1;
  const point = (atUnixMs, powerW) => {
    const x = ((atUnixMs - startUnixMs) / spanMs) * width;
    return `${x.toFixed(1)},${(height - ((powerW - low) / span) * height).toFixed(1)}`;
  };
  // A forecast value is the mean of its unit, so it stands in the unit's middle.
  const line = (powersW) => powersW.map((powerW, unit) => point(startUnixMs + (unit + 0.5) * mtuMs, powerW));
  return {
    band: [...line(upperW), ...line(lowerW).reverse()].join(" "),
    expected: line(expectedW).join(" "),
    metered: metered.map(({ atUnixMs, importW }) => point(atUnixMs, importW)).join(" "),
    low,
    high: low + span,
  };
}

/** One sentence on how the forecast did so far. */
export function forecastSentence(forecast, samples) {
  const judged = samples.flatMap(({ atUnixMs, importW }) => {
    const unit = Math.floor((atUnixMs - forecast.startUnixMs) / forecast.mtuMs);
    const lowerW = forecast.lowerW[unit];
    return lowerW === undefined ? [] : [importW >= lowerW && importW <= forecast.upperW[unit]];
  });
  const from = `forecast from ${timeOf(forecast.startUnixMs)}`;
  if (judged.length === 0) return `${from}, nothing metered since`;
  const inside = judged.filter((isInside) => isInside).length;
  return `${from}: ${inside} of ${judged.length} readings within the 90 % band`;
}

/** Decimal text of the sum of decimal texts. */
export function sum(decimals) {
  return decimals.reduce((total, each) => total + BigInt(each), 0n).toString();
}

/** Which colour a state word has: done, under way, gone wrong. */
export function toneOf(state) {
  if (["completed", "accepted", "settled", "running", "success"].includes(state)) return "good";
  return ["refused", "expired", "failed", "failure", "lapsed"].includes(state) ? "bad" : "wait";
}

/** 1, 2 or 5 times a power of ten, the next at or above. */
function niceTop(value) {
  const magnitude = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((each) => each * magnitude >= value) ?? 10;
  return factor * magnitude;
}

function nowPosition(intervals, nowUnixMs) {
  const start = intervals[0]?.startUnixMs ?? 0;
  const end = intervals.at(-1)?.endUnixMs ?? 0;
  if (nowUnixMs < start || nowUnixMs > end) return null;
  return CHART.left + ((nowUnixMs - start) / (end - start)) * (CHART.width - CHART.left - CHART.right);
}

function titleOf({ startUnixMs, requestedWh, deliveredWh }) {
  const delivered = deliveredWh === null ? "not reported yet" : `${energyText(deliveredWh)} delivered`;
  return `${timeOf(startUnixMs)}: ${energyText(requestedWh)} requested, ${delivered}`;
}
