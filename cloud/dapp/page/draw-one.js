/** One opened file: what happened by a receipt, or what an auditor says. */
import { dateTimeOf, energyText, moneyText, timeOf } from "@gridpact/page/amounts.js";
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
import { intervalPlot, plotSentence } from "../src/interval-plot.ts";
import { failureWords, stepLines } from "../src/step-words.ts";
import { chosenLines, storyLines } from "../src/story-words.ts";
import { verdictView } from "../src/verdict-words.ts";

export function drawOne({ name, checked }) {
  for (const id of ["one-story", "one-audit", "one-checked"]) byId(id).hidden = true;
  byId("one-title").textContent = name;
  if (checked.kind === "refused") return headline(checked.words, "not checked", "wait");
  if (checked.kind === "verdict") return drawVerdict(checked.opened);
  drawReceipt(checked.opened);
}

function headline(words, verdict, tone) {
  byId("one-words").textContent = words;
  byId("one-words").dataset.tone = tone;
  setBadge(byId("one-badge"), verdict, tone);
}

function drawReceipt({ report, story }) {
  drawSteps(report);
  const { subject, money } = report;
  if (subject !== null) byId("one-title").textContent = `${subject.deviceId} in event ${subject.eventId}`;
  if (story === null) return headline(failureWords(report), "does not hold", "bad");
  const earned = `${moneyText(money.paidMicro)} earned, ${moneyText(money.penaltyMicro)} penalty`;
  headline(`This receipt holds: ${earned}. Every step below was checked on this machine.`, "holds", "good");
  byId("one-story").hidden = false;
  drawMoney(story.receipt.settlement, money);
  drawPlot(story);
  drawIntervals(story);
  byId("one-chosen").replaceChildren(...chosenLines(story).map((words) => element("li", { textContent: words })));
  byId("one-lines").replaceChildren(...storyLines(story, money).map(storyItem));
}

function drawMoney(settlement, money) {
  fillList(byId("one-money"), [
    ["Ordered", energyText(settlement.orderedWh)],
    ["Delivered", energyText(settlement.deliveredWh)],
    ["Missing, with use above the baseline", energyText(settlement.deficiencyWh)],
    ["Paid out", moneyText(money.paidMicro)],
    ["Held back", moneyText(settlement.paidMicro - money.paidMicro)],
    ["Penalty", moneyText(money.penaltyMicro)],
    ["Deposit returned", moneyText(money.depositReturnedMicro)],
  ]);
}

function drawSteps(report) {
  byId("one-checked").hidden = false;
  byId("one-steps").replaceChildren(
    ...stepLines(report).map(({ step, ok, question, detail }) => {
      const item = element("li");
      const soft = element("span", { className: "soft", textContent: `${step}: ${detail}` });
      item.append(element("strong", { textContent: question }), badge(ok ? "yes" : "no", ok ? "good" : "bad"), soft);
      return item;
    }),
  );
}

function storyItem({ title, words, proof }) {
  const item = element("li");
  item.append(element("strong", { textContent: title }), words);
  if (proof !== "") item.append(element("span", { className: "soft", textContent: proof }));
  return item;
}

function drawPlot(story) {
  const plot = intervalPlot(story);
  const words = plotSentence(story);
  const svg = picture({ ...plot, words });
  const right = plot.width - plot.right;
  for (const { y, label } of plot.levels) {
    svg.append(drawing("line", { class: "gridline", x1: plot.left, x2: right, y1: y, y2: y }));
    svg.append(caption(label, { x: plot.left - 6, y: y + 4, "text-anchor": "end" }));
  }
  for (const bar of plot.bars) svg.append(barOf(bar, plot));
  svg.append(drawing("polyline", { class: "ordered", points: plot.ordered }));
  svg.append(drawing("polyline", { class: "expected", points: plot.baseline }));
  byId("one-plot").replaceChildren(svg);
  byId("one-plot-words").textContent = words;
}

function barOf({ x, width, metered, label, title }, { top, height, bottom }) {
  const group = drawing("g", {});
  group.append(hint(title));
  const box = metered ?? { y: top, height: height - top - bottom };
  group.append(drawing("rect", { class: metered === null ? "unread" : "metered", x, width, ...box }));
  group.append(caption(label, { x: x + width / 2, y: height - 8, "text-anchor": "middle" }));
  return group;
}

function drawIntervals({ receipt, readings }) {
  const rows = receipt.settlement.intervals.map((each) => [
    `${timeOf(each.startUnixMs)} to ${timeOf(each.endUnixMs)}`,
    energyText(each.baselineWh),
    each.actualWh === null ? "not read" : energyText(each.actualWh),
    energyText(each.orderedWh),
    energyText(each.deliveredWh),
    energyText(each.deficiencyWh),
  ]);
  fillTable(byId("one-intervals"), ["Interval (UTC)", "Expected", "Metered", "Ordered", "Delivered", "Missing"], rows);
  const registers = readings.map((reading, index) => {
    if (reading === null) return [`boundary ${index + 1}`, "not read", "not read"];
    return [dateTimeOf(reading.atUnixMs), energyText(reading.importWh), energyText(reading.exportWh)];
  });
  fillTable(byId("one-readings"), ["At (UTC)", "Import register", "Export register"], registers);
}

function drawVerdict(opened) {
  const { ok, headline: words, facts, lines, unlisted } = verdictView(opened);
  headline(words, opened.ok ? (ok ? "PASS" : "FAIL") : "not to be believed", ok ? "good" : "bad");
  byId("one-audit").hidden = false;
  fillList(byId("one-facts"), facts);
  byId("one-audit-more").textContent =
    unlisted > 0 ? `${unlisted} more are counted, but not listed in the verdict.` : "";
  const rows = lines.map(({ where, about, expected, found }) => [where, about, expected, found]);
  fillTable(byId("one-findings"), rows.length === 0 ? [] : ["Where", "About", "Expected", "Found"], rows);
}
