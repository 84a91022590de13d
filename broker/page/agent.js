/** Draws what the node's agent knows. No framework, nothing from outside; text only via textContent. */
import { dateTimeOf, energyText, moneyText, percentText, powerText } from "@gridpact/page/amounts.js";
import {
  badge,
  byId,
  caption,
  drawing,
  element,
  fillList,
  fillTable,
  hint,
  picture,
  setBadge,
} from "@gridpact/page/elements.js";
import {
  balanceFacts,
  clusterWords,
  factsOf,
  forecastChart,
  forecastWords,
  hoursChart,
  regretWords,
  sharedFacts,
  verdictOf,
  wayWords,
} from "./agent-model.js";

/** States change with a market time unit at most; on an accelerated day that is some seconds. */
const LOOK_AGAIN_AFTER_MS = 3_000;

let chosenId = decodeURIComponent(location.hash.slice(1));

addEventListener("hashchange", () => {
  chosenId = decodeURIComponent(location.hash.slice(1));
  void look().then(() => byId("one").focus());
});
byId("one-close").addEventListener("click", () => {
  location.hash = "";
});
void look();
setInterval(look, LOOK_AGAIN_AFTER_MS);

async function look() {
  try {
    const view = await read("/api/v1/agent");
    draw(view);
    await drawOne(view.nowUnixMs);
    show("live", "good");
  } catch (error) {
    // What is shown stays, and is marked as old.
    show(`connection lost, trying again (${error.message})`, "bad");
  }
}

async function read(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

function show(words, tone) {
  setBadge(byId("connection"), words, tone);
}

function draw(view) {
  byId("vn").textContent = view.vnId;
  byId("market-time").textContent = `${dateTimeOf(view.nowUnixMs)} UTC`;
  drawForecast({ chart: "outlook", words: "outlook-words" }, view.outlook, view.nowUnixMs);
  byId("balance-empty").hidden = view.balance !== null;
  fillList(byId("balance"), balanceFacts(view.balance));
  drawChoices(view.choices);
  drawProsumers(view.prosumers);
  byId("clusters").textContent = clusterWords(view.clusters);
}

function drawForecast(ids, forecast, nowUnixMs) {
  const words = forecastWords(forecast);
  byId(ids.words).textContent = words;
  const model = forecastChart(forecast, nowUnixMs);
  if (model === null) {
    byId(ids.chart).replaceChildren();
    return;
  }
  const svg = picture({ ...model, words });
  const right = model.width - model.right;
  for (const { y, label } of model.levels) {
    svg.append(drawing("line", { class: "gridline", x1: model.left, x2: right, y1: y, y2: y }));
    svg.append(caption(label, { x: model.left - 6, y: y + 4, "text-anchor": "end" }));
  }
  for (const { x, label } of model.times)
    svg.append(caption(label, { x, y: model.height - 6, "text-anchor": "middle" }));
  svg.append(drawing("polygon", { class: "band", points: model.band }));
  svg.append(drawing("polyline", { class: "expected", points: model.expected }));
  svg.append(drawing("polyline", { class: "metered", points: model.metered }));
  if (model.nowX !== null) {
    const bottom = model.height - model.bottom;
    svg.append(drawing("line", { class: "now", x1: model.nowX, x2: model.nowX, y1: model.top, y2: bottom }));
  }
  byId(ids.chart).replaceChildren(svg);
}

function drawChoices(choices) {
  byId("choices-empty").hidden = choices.length > 0;
  const heads = ["Event", "Decided", "Orders", "Worth to the node", "Beside greedy", "Regret", "Of the best possible"];
  const rows = choices.map((choice) => {
    const { regret, share, greedy } = regretWords(choice);
    const worth = choice.actualMicro === null ? "–" : moneyText(choice.actualMicro);
    return [choice.eventId, dateTimeOf(choice.decidedAtUnixMs), wayWords(choice.way), worth, greedy, regret, share];
  });
  fillTable(byId("choices"), heads, rows);
}

function drawProsumers(prosumers) {
  byId("prosumers-empty").hidden = prosumers.length > 0;
  const heads = [
    "Prosumer",
    "Delivers",
    "Available",
    "Can reduce",
    "Can take",
    "Lag",
    "Rebound",
    "Called",
    "Share / fair",
  ];
  const rows = prosumers.map((line) => [
    link(line.prosumerId),
    meter(line),
    percentText(line.availablePerMille),
    powerText(line.reduceW),
    powerText(line.increaseW),
    `${Math.round(line.responseLagMs / 1_000)} s`,
    percentText(line.reboundPerMille),
    `${line.calls.calledCount} of ${line.calls.offeredCount}`,
    `${percentText(line.calls.calledPerMille)} / ${percentText(line.calls.fairPerMille)}`,
  ]);
  fillTable(byId("prosumers"), heads, rows);
}

/** The belief as a bar with its bounds. */
function meter({ expectedPerMille, lowerPerMille, upperPerMille }) {
  const words = `${percentText(expectedPerMille)} (${percentText(lowerPerMille)} to ${percentText(upperPerMille)})`;
  const svg = drawing("svg", { viewBox: "0 0 100 10", class: "belief", role: "img", "aria-label": words });
  svg.append(drawing("rect", { class: "track", x: 0, y: 3, width: 100, height: 4 }));
  svg.append(
    drawing("rect", {
      class: "bounds",
      x: lowerPerMille / 10,
      y: 1,
      width: (upperPerMille - lowerPerMille) / 10,
      height: 8,
    }),
  );
  svg.append(drawing("rect", { class: "mean", x: expectedPerMille / 10 - 1, y: 0, width: 2, height: 10 }));
  const cell = element("span", { className: "meter", title: words });
  cell.append(svg, element("span", { textContent: percentText(expectedPerMille) }));
  return cell;
}

function link(prosumerId) {
  return element("a", { href: `#${encodeURIComponent(prosumerId)}`, textContent: prosumerId });
}

async function drawOne(nowUnixMs) {
  byId("one").hidden = chosenId === "";
  if (chosenId === "") return;
  const { state, line, forecast, shared, explanations } = await read(
    `/api/v1/prosumers/${encodeURIComponent(chosenId)}`,
  );
  byId("one-title").textContent = state.prosumerId;
  drawForecast({ chart: "one-forecast", words: "one-forecast-words" }, forecast, nowUnixMs);
  fillList(byId("one-facts"), [...factsOf(line), ...sharedFacts(shared)]);
  drawHours(state.hours);
  byId("one-events").replaceChildren(
    ...(explanations.length === 0
      ? [element("p", { className: "soft", textContent: "It was in no event yet." })]
      : explanations.map(explanationOf)),
  );
}

function drawHours(hours) {
  const model = hoursChart(hours);
  const words = `Flexibility by hour of the day, up to ${model.top}`;
  const svg = picture({ ...model, words });
  for (const bar of model.bars) {
    const group = drawing("g", {});
    group.append(hint(bar.title), drawing("rect", { class: "reduce", x: bar.x, width: bar.width, ...bar.reduce }));
    group.append(drawing("rect", { class: "increase", x: bar.x, width: bar.width, ...bar.increase }));
    svg.append(group, caption(bar.label, { x: bar.x, y: model.height - 6 }));
  }
  byId("one-hours").replaceChildren(svg);
}

function explanationOf(each) {
  const article = element("article");
  const head = element("div", { className: "bar" });
  const { words, tone } = verdictOf(each.verdict);
  head.append(element("h4", { textContent: each.eventId }), badge(words, tone));
  const reasons = element("ul");
  reasons.append(...each.reasons.map((reason) => element("li", { textContent: reason })));
  const numbers = element("dl", { className: "numbers" });
  fillList(numbers, [
    ["Offered", energyText(each.offeredWh)],
    ["Ordered", energyText(each.orderedWh)],
    ["Delivered", each.deliveredWh === null ? "not settled" : energyText(each.deliveredWh)],
    ["Earned", each.earnedMicro === null ? "not settled" : moneyText(each.earnedMicro)],
    ["Expected, had all it offered been ordered", moneyText(each.wouldHaveEarnedMicro)],
  ]);
  article.append(head, reasons, numbers);
  return article;
}
