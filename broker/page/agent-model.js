/** Geometry and wording of the node's page as pure functions, so that tests need no browser. */
import { energyText, moneyText, percentText, powerText, timeOf } from "@gridpact/page/amounts.js";

const CHART = { width: 720, height: 200, left: 64, right: 8, top: 10, bottom: 24 };
const HOURS = { width: 340, height: 140, left: 8, right: 8, top: 8, bottom: 20 };
const HOUR_MS = 3_600_000;
const GRID_LINES = 3;
const LABEL_EVERY_HOURS = 4;

/** Band, expectation and metered power over time; null while there is no forecast. */
export function forecastChart(view, nowUnixMs) {
  if (view === null || view.forecast.expectedW.length < 2) return null;
  const { startUnixMs, mtuMs, expectedW, lowerW, upperW } = view.forecast;
  const first = Math.min(startUnixMs, view.metered[0]?.startUnixMs ?? startUnixMs);
  const last = startUnixMs + expectedW.length * mtuMs;
  const powers = [...lowerW, ...upperW, ...view.metered.map(({ importW }) => importW)];
  const low = Math.min(0, ...powers);
  const high = Math.max(1, ...powers);
  const plot = { width: CHART.width - CHART.left - CHART.right, height: CHART.height - CHART.top - CHART.bottom };
  const x = (at) => CHART.left + ((at - first) / (last - first)) * plot.width;
  const y = (powerW) => CHART.top + plot.height - ((powerW - low) / (high - low)) * plot.height;
  const point = (at, powerW) => `${x(at).toFixed(1)},${y(powerW).toFixed(1)}`;
  // A value is the mean of its unit, so it stands in the unit's middle.
  const line = (powersW) => powersW.map((powerW, unit) => point(startUnixMs + (unit + 0.5) * mtuMs, powerW));
  const firstHour = Math.ceil(first / (LABEL_EVERY_HOURS * HOUR_MS)) * LABEL_EVERY_HOURS * HOUR_MS;
  return {
    ...CHART,
    band: [...line(upperW), ...line(lowerW).reverse()].join(" "),
    expected: line(expectedW).join(" "),
    metered: view.metered.map((each) => point(each.startUnixMs + mtuMs / 2, each.importW)).join(" "),
    nowX: nowUnixMs > first && nowUnixMs < last ? x(nowUnixMs) : null,
    times: range(firstHour, last, LABEL_EVERY_HOURS * HOUR_MS).map((at) => ({ x: x(at), label: timeOf(at) })),
    levels: Array.from({ length: GRID_LINES + 1 }, (_, index) => {
      const powerW = low + ((high - low) / GRID_LINES) * index;
      return { y: y(powerW), label: powerText(powerW) };
    }),
  };
}

/** One sentence on how the forecast did so far. */
export function forecastWords(view) {
  if (view === null) return "There is no forecast yet: it needs some metered history.";
  const { startUnixMs, mtuMs, lowerW, upperW } = view.forecast;
  const judged = view.metered.flatMap((each) => {
    const unit = Math.round((each.startUnixMs - startUnixMs) / mtuMs);
    return lowerW[unit] === undefined ? [] : [each.importW >= lowerW[unit] && each.importW <= upperW[unit]];
  });
  const inside = judged.filter((isInside) => isInside).length;
  const soFar = judged.length === 0 ? "nothing metered since" : `${inside} of ${judged.length} units within the band`;
  const error =
    view.mase === null ? "" : `; in backtest its error is ${view.mase.toFixed(2)} of repeating the day before`;
  const flags = view.flags.length === 0 ? "" : ` (${view.flags.join(", ").replaceAll("_", " ")})`;
  return `From ${timeOf(startUnixMs)}: ${soFar}${error}${flags}.`;
}

/** Bars up for what can be reduced, down for what can be taken more, by hour of the day. */
export function hoursChart(hours) {
  const top = Math.max(1, ...hours.flatMap(({ reduceW, increaseW }) => [reduceW, increaseW]));
  const middle = HOURS.top + (HOURS.height - HOURS.top - HOURS.bottom) / 2;
  const half = middle - HOURS.top;
  const slot = (HOURS.width - HOURS.left - HOURS.right) / 24;
  return {
    ...HOURS,
    middle,
    top: powerText(top),
    bars: hours.map(({ reduceW, increaseW, presentPerMille }, hour) => ({
      x: HOURS.left + slot * hour + 1,
      width: slot - 2,
      reduce: { y: middle - (reduceW / top) * half, height: (reduceW / top) * half },
      increase: { y: middle, height: (increaseW / top) * half },
      label: hour % 6 === 0 ? `${String(hour).padStart(2, "0")}:00` : "",
      title:
        `${hour}:00: ${powerText(reduceW)} less, ${powerText(increaseW)} more, ` +
        `connected ${percentText(presentPerMille)}`,
    })),
  };
}

/** What is known of a prosumer, as names and values. */
export function factsOf(line) {
  const { calls } = line;
  const weather = line.wattPerKelvin === null ? "no relation seen" : `${line.wattPerKelvin} W for each degree warmer`;
  return [
    ["Delivers of an order", `${percentText(line.expectedPerMille)}`],
    ["in nine cases of ten", `${percentText(line.lowerPerMille)} to ${percentText(line.upperPerMille)}`],
    ["Available at this hour", percentText(line.availablePerMille)],
    ["Responds within", `${Math.round(line.responseLagMs / 1_000)} s`],
    ["Catches up afterwards", percentText(line.reboundPerMille)],
    ["Weather", weather],
    ["Called", `${calls.calledCount} of ${calls.offeredCount} events`],
    ["Share of calls, and fair share", `${percentText(calls.calledPerMille)}, ${percentText(calls.fairPerMille)}`],
    ["Learned from", `${line.dayCount} days`],
  ];
}

/** What the node's own balance came to on its newest day, beside what would have been; nothing before there is any. */
export function balanceFacts(balance) {
  if (balance === null) return [];
  const { keptPerMille, unmovedKeptPerMille, peakW, unmovedPeakW } = balance;
  return [
    ["Surplus of members", energyText(balance.surplusWh)],
    ["Kept at its feeder", `${percentText(keptPerMille)} (without balancing ${percentText(unmovedKeptPerMille)})`],
    ["Highest import", `${powerText(peakW)} (without balancing ${powerText(unmovedPeakW)})`],
    ["From member to member", energyText(balance.sharedWh)],
  ];
}

/** What a prosumer shared at its feeder; nobody is paid for it. */
export function sharedFacts(shared) {
  if (shared === null) return [["Shared with neighbours", "nothing yet"]];
  return [
    ["Gave to neighbours", energyText(shared.givenWh)],
    ["Got from neighbours", `${energyText(shared.takenWh)}, worth ${moneyText(shared.takenMicro)} by a usual tariff`],
  ];
}

/** Value that a choice missed against one that knew every delivery, and how it did beside greedy orders. */
export function regretWords({ actualMicro, greedyMicro, clairvoyantMicro }) {
  if (actualMicro === null) return { regret: "not known yet", share: "–", greedy: "–" };
  const missed = BigInt(clairvoyantMicro) - BigInt(actualMicro);
  const gained = BigInt(actualMicro) - BigInt(greedyMicro);
  const best = Number(clairvoyantMicro);
  return {
    regret: moneyText(missed.toString()),
    share: best > 0 ? percentText(Math.round((Number(actualMicro) / best) * 1_000)) : "–",
    greedy: `${gained < 0n ? "" : "+"}${moneyText(gained.toString())}`,
  };
}

const WAYS = {
  optimised: "cheapest, by the optimiser",
  confirmed: "greedy, and none cheaper",
  fallback: "greedy, without the optimiser",
};

/** How the orders of a choice came about; versions before chose greedily only. */
export function wayWords(way) {
  return WAYS[way] ?? "greedy";
}

/** What the aggregator says of the node's cluster; it proposes moves, and its operator approves them. */
export function clusterWords(clusters) {
  if (clusters === null) return "The aggregator has said nothing of clusters yet.";
  const { membersMin, membersMax, capacityWMax } = clusters.guidelines;
  const bounds = `Guidelines: ${membersMin} to ${membersMax} members, at most ${powerText(capacityWMax)} together.`;
  const moves = clusters.moves.map(({ memberId, fromVnId, toVnId }) => `${memberId} from ${fromVnId} to ${toVnId}`);
  return moves.length === 0 ? `${bounds} No move is proposed.` : `${bounds} Proposed moves: ${moves.join(", ")}.`;
}

const VERDICTS = {
  called: ["called", "good"],
  replacement: ["called in", "good"],
  reserve: ["stood by", "wait"],
  nothing_to_offer: ["nothing to offer", "wait"],
  not_a_candidate: ["not considered", "bad"],
};

export function verdictOf(verdict) {
  const [words, tone] = VERDICTS[verdict] ?? [verdict, "wait"];
  return { words, tone };
}

function range(from, to, step) {
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_, index) => from + index * step);
}
