/**
 * Draws the newest live document that the aggregator sends. No framework, nothing from outside; text only via
 * textContent.
 */
import { dateTimeOf, energyText, moneyText, percentText, powerText, timeOf } from "@gridpact/page/amounts.js";
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
import { chartModel, chartSentence, forecastModel, forecastSentence, sparkPoints, sum, toneOf } from "./chart.js";

const SPARK = { width: 240, height: 36 };
const FORECAST = { width: 240, height: 72 };
/** Enough of a hash to compare by eye with a terminal. */
const HASH_CHARS_SHOWN = 12;

let newest;
let chosenEventId = "";

const source = new EventSource("/api/v1/live");
source.addEventListener("open", () => showConnection("live", "good"));
// The browser connects again by itself; what is shown stays, and is marked as old.
source.addEventListener("error", () => showConnection("connection lost, trying again", "bad"));
source.addEventListener("live", (message) => {
  newest = JSON.parse(message.data);
  showConnection("live", "good");
  draw(newest);
});
byId("event-choice").addEventListener("change", (change) => {
  chosenEventId = change.target.value;
  if (newest !== undefined) draw(newest);
});

function showConnection(words, tone) {
  const shown = byId("connection");
  if (shown.textContent !== words) setBadge(shown, words, tone);
}

function draw(view) {
  byId("market-time").textContent = `${dateTimeOf(view.nowUnixMs)} UTC`;
  byId("ledger-height").textContent = view.ledger === null ? "not heard of" : String(view.ledger.height);
  byId("ledger-head").textContent = view.ledger?.headHashHex.slice(0, HASH_CHARS_SHOWN) ?? "–";
  drawNodes(view.virtualNodes);
  drawEvents(view);
  drawClusters(view.clusters);
  drawMoney(view.money);
}

function drawNodes(nodes) {
  byId("nodes-empty").hidden = nodes.length > 0;
  byId("nodes").replaceChildren(...nodes.map(nodeCard));
}

function nodeCard(node) {
  const card = element("li", { className: "panel" });
  const head = element("div", { className: "bar" });
  head.append(
    element("h3", { textContent: node.vnId }),
    badge(node.isAlive ? "alive" : "silent", node.isAlive ? "good" : "bad"),
  );
  card.append(
    head,
    element("strong", { textContent: powerText(node.importW) }),
    element("p", { textContent: `${node.feidCount} devices, can reduce ${powerText(node.reduceWMax)}` }),
    element("p", { textContent: `delivered ${percentText(node.reliabilityPerMille)} of past orders` }),
    sparkline(node),
    ...forecastChart(node),
  );
  return card;
}

function sparkline({ vnId, powerHistory }) {
  const svg = drawing("svg", { viewBox: `0 -2 ${SPARK.width} ${SPARK.height + 4}`, role: "img" });
  svg.setAttribute("aria-label", `Power of ${vnId} over its newest ${powerHistory.length} heartbeats`);
  svg.append(drawing("polyline", { class: "spark", points: sparkPoints(powerHistory, SPARK) }));
  return svg;
}

/** The band, the expected power and what was metered since; nothing while the node has no forecast. */
function forecastChart({ vnId, forecast, powerHistory }) {
  const model = forecastModel(forecast, powerHistory, FORECAST);
  if (model === null) return [];
  const svg = drawing("svg", { viewBox: `0 -2 ${FORECAST.width} ${FORECAST.height + 4}`, role: "img" });
  const words = forecastSentence(forecast, powerHistory);
  svg.setAttribute("aria-label", `Power of ${vnId}, ${words}`);
  svg.append(
    drawing("polygon", { class: "band", points: model.band }),
    drawing("polyline", { class: "expected", points: model.expected }),
    drawing("polyline", { class: "spark", points: model.metered }),
  );
  const range = `${powerText(Math.round(model.low))} to ${powerText(Math.round(model.high))}`;
  return [svg, element("p", { textContent: `${words}; ${range}` })];
}

function drawEvents({ events, nowUnixMs }) {
  byId("event-empty").hidden = events.length > 0;
  byId("event-body").hidden = events.length === 0;
  byId("event-choice-label").hidden = events.length < 2;
  byId("event-phase").hidden = events.length === 0;
  if (events.length === 0) return;
  const event = events.find((each) => each.eventId === chosenEventId) ?? mostInteresting(events);
  drawChoice(events, event);
  byId("event-title").textContent = `Event ${event.eventId}`;
  const outcome = event.result === null ? "" : `, ${event.result.outcome}`;
  setBadge(byId("event-phase"), event.phase + outcome, toneOf(event.result?.outcome ?? event.phase));
  drawChart(event, nowUnixMs);
  drawTotals(event);
  drawDecision(event.recommendation);
  drawRequests(event.requests);
  drawDevices(event.devices);
}

/** A running event first, else the newest. */
function mostInteresting(events) {
  return events.find((each) => each.phase === "running") ?? events[0];
}

function drawChoice(events, shown) {
  const choice = byId("event-choice");
  // Replacing the options of an open list would close it under the user's finger.
  if (document.activeElement === choice) return;
  choice.replaceChildren(
    ...events.map((each) => {
      const words = `${each.eventId} (${dateTimeOf(each.startUnixMs)})`;
      return element("option", { value: each.eventId, textContent: words, selected: each === shown });
    }),
  );
}

function drawChart({ intervals }, nowUnixMs) {
  const model = chartModel(intervals, nowUnixMs);
  const svg = picture({ ...model, words: chartSentence(intervals) });
  for (const line of model.lines) {
    svg.append(drawing("line", { class: "gridline", x1: model.left, x2: model.width, y1: line.y, y2: line.y }));
    svg.append(caption(line.label, { x: model.left - 6, y: line.y + 4, "text-anchor": "end" }));
  }
  for (const bar of model.bars) svg.append(drawnBar(bar, model));
  if (model.nowX !== null) {
    svg.append(drawing("line", { class: "now", x1: model.nowX, x2: model.nowX, y1: model.top, y2: model.floor }));
  }
  byId("chart").replaceChildren(svg);
  fillTable(byId("interval-table"), ["Start", "Requested", "Delivered"], intervals.map(intervalRow));
}

function drawnBar(bar, model) {
  const group = drawing("g", {});
  const { x, width } = bar;
  group.append(hint(bar.title));
  if (bar.short !== null) group.append(drawing("rect", { class: "short", x, width, ...bar.short }));
  if (bar.delivered !== null) group.append(drawing("rect", { class: "delivered", x, width, ...bar.delivered }));
  group.append(drawing("rect", { class: "ordered", x, width, ...bar.requested }));
  group.append(caption(bar.label, { x: x + width / 2, y: model.height - 8, "text-anchor": "middle" }));
  return group;
}

function intervalRow({ startUnixMs, requestedWh, deliveredWh }) {
  return [timeOf(startUnixMs), energyText(requestedWh), deliveredWh === null ? "–" : energyText(deliveredWh)];
}

function drawTotals({ intervals, result }) {
  const requestedWh = sum(intervals.map((each) => each.requestedWh));
  const reportedWh = sum(intervals.flatMap((each) => (each.deliveredWh === null ? [] : [each.deliveredWh])));
  const rows =
    result === null
      ? [
          ["Requested", energyText(requestedWh)],
          ["Reported delivered", energyText(reportedWh)],
        ]
      : [
          ["Requested", energyText(result.requestedWh)],
          ["Delivered", energyText(result.deliveredWh)],
          ["of that re-arranged", energyText(result.rearrangedWh)],
          ["Deficient", energyText(result.deficientWh)],
          ["Paid", moneyText(result.money.paidMicro)],
          ["Penalties", moneyText(result.money.penaltyMicro)],
        ];
  fillList(byId("event-totals"), rows);
}

/** What every strategy was expected to bring when the event was planned. */
function drawDecision({ recommended, reasons, evaluations }) {
  byId("decision-reasons").replaceChildren(...reasons.map((words) => element("li", { textContent: words })));
  const heads = [
    "Strategy",
    "Succeeds",
    "Delivers, 8 of 10 cases",
    "Cost",
    "Caught up later",
    "Further node called",
    "CO2 avoided",
  ];
  const rows = evaluations.map((each) => [
    each.strategy === recommended ? badge(each.strategy, "good") : each.strategy,
    percentText(each.successPerMille),
    `${energyText(each.deliveredWh.p10)} to ${energyText(each.deliveredWh.p90)}`,
    moneyText(each.costMicro.mean),
    energyText(each.reboundWh.mean),
    percentText(each.fallbackPerMille),
    each.avoidedCarbonGram === null ? "–" : `${each.avoidedCarbonGram.mean} g`,
  ]);
  fillTable(byId("decision-table"), heads, rows);
}

function drawRequests(requests) {
  byId("requests-empty").hidden = requests.length > 0;
  const heads = ["Node", "Role", "State", "Ordered", "Nominated", "Delivered", "Why"];
  const rows = requests.map((each) => [
    each.vnId,
    each.role,
    badge(each.state, toneOf(each.state)),
    energyText(each.orderedWh),
    energyText(each.nominatedWh),
    energyText(each.deliveredWh),
    each.reason,
  ]);
  fillTable(byId("request-table"), heads, rows);
}

function drawDevices(devices) {
  byId("devices-empty").hidden = devices.length > 0;
  const heads = ["Device", "Node", "Called", "State", "Ordered", "Delivered", "Paid", "Penalty"];
  const rows = devices.map((each) => [
    each.deviceId,
    each.vnId,
    each.kind === "original" ? "first" : "as replacement",
    badge(each.state, toneOf(each.state)),
    energyText(each.orderedWh),
    each.deliveredWh === null ? "–" : energyText(each.deliveredWh),
    each.paidMicro === null ? "–" : moneyText(each.paidMicro),
    each.penaltyMicro === null ? "–" : moneyText(each.penaltyMicro),
  ]);
  fillTable(byId("device-table"), heads, rows);
}

const MOVE_STATES = {
  proposed: "proposed",
  approved: "approved",
  underWay: "under way",
  cancelling: "being cancelled",
  done: "done",
  refused: "refused",
  cancelled: "cancelled",
};

/** What is proposed of clusters, and how far approved moves have come. */
function drawClusters(clusters) {
  byId("clusters-empty").hidden = clusters !== null;
  if (clusters === null) return;
  byId("clusters-reasons").replaceChildren(...clusters.reasons.map((words) => element("li", { textContent: words })));
  const formed = clusters.initial.map(({ feeder, members }) => `${feeder}: ${members}`).join(", ");
  fillList(byId("clusters-facts"), [
    ["Members now", clusters.nodes.map(({ vnId, members }) => `${vnId} ${members}`).join(", ")],
    ["Formed from history alone", formed === "" ? "none" : formed],
    ["In no cluster", String(clusters.unplaced)],
    ["Expected to miss of promises", percentText(clusters.expectedErrorPerMille)],
    ["After the moves", percentText(clusters.movedErrorPerMille)],
    ["Planned", `${dateTimeOf(clusters.plannedAtUnixMs)} UTC`],
  ]);
  const rows = clusters.moves.map(({ deviceId, fromVnId, toVnId, state, reason }) => {
    return [deviceId, fromVnId, toVnId, MOVE_STATES[state], reason === "" ? "–" : reason];
  });
  fillTable(byId("moves-table"), rows.length === 0 ? [] : ["Move of", "From", "To", "State", "Why"], rows);
}

function drawMoney(money) {
  const parts = [
    ["paid", money.paidMicro],
    ["penalty", money.penaltyMicro],
    ["returned", money.returnedMicro],
  ];
  const bar = byId("money-bar");
  bar.replaceChildren(
    ...parts.map(([name, micro]) => {
      const part = element("span", { className: name });
      part.style.flexGrow = String(Number(micro));
      return part;
    }),
  );
  const words = parts.map(([name, micro]) => `${moneyText(micro)} ${name}`).join(", ");
  if (money.escrowedMicro !== "0") bar.setAttribute("aria-label", `Of ${moneyText(money.escrowedMicro)}: ${words}`);
  fillList(byId("money"), [
    ["Held in contracts", moneyText(money.escrowedMicro)],
    ["Paid", moneyText(money.paidMicro)],
    ["Penalties", moneyText(money.penaltyMicro)],
    ["Returned", moneyText(money.returnedMicro)],
  ]);
}
