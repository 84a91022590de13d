/** The page: files come in, what they are worth is shown. No framework, nothing from outside, nothing goes out. */
import { moneyText } from "@gridpact/page/amounts.js";
import { badge, byId, element, fillTable, setBadge } from "@gridpact/page/elements.js";
import { Desk, FILE_BYTES_MAX, FILES_MAX, kindOf, readTrust } from "../src/desk.ts";
import { failureWords } from "../src/step-words.ts";
import { drawOne } from "./draw-one.js";
import { drawTrust } from "./draw-trust.js";

/** A trust file is a few certificates; what is longer is looked at as a receipt. */
const TRUST_BYTES_MAX = 1024 * 1024;

let desk = null;
/** Chosen files in their order, each with what it turned out to be, once it was checked. */
let entries = [];
let openName = null;
/** Files are checked one after the other, so that what is chosen meanwhile waits for its turn. */
let turn = Promise.resolve();

byId("choose").addEventListener("change", ({ target }) => {
  take([...target.files]);
  target.value = "";
});
byId("clear").addEventListener("click", () => {
  entries = [];
  close();
  drawFiles();
});
byId("one-close").addEventListener("click", close);
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
addEventListener("dragleave", () => document.body.classList.remove("dropping"));
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  take([...event.dataTransfer.files]);
});
turn = turn.then(trustOfServer);

function take(files) {
  turn = turn.then(() => takeAll(files));
}

async function takeAll(files) {
  const kept = files.slice(0, FILES_MAX - entries.length);
  for (const file of kept) {
    if (!(await takeTrust(file))) entries.push({ name: file.name, file, checked: null });
  }
  await checkAll();
  if (kept.length < files.length)
    tell(`only ${FILES_MAX} files at a time; ${files.length - kept.length} left out`, "bad");
  if (entries.length === 1) open(entries[0]);
}

/** A page that comes from a server may bring the server's own trust along; from a folder there is none. */
async function trustOfServer() {
  if (!location.protocol.startsWith("http")) return tell("choose a trust.json first", "wait");
  try {
    const answer = await fetch("trust.json");
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    setTrust(await answer.text(), "named by the server that this page comes from: compare the fingerprints");
    await checkAll();
  } catch (error) {
    tell(`no trust from the server (${error.message}); choose a trust.json`, "wait");
  }
}

async function takeTrust(file) {
  if (file.size > TRUST_BYTES_MAX) return false;
  const text = await file.text();
  if (kindOf(text) !== "trust") return false;
  setTrust(text, `from your file ${file.name}`);
  return true;
}

/** Everything is checked anew: by another trust it may be worth something else. */
function setTrust(text, source) {
  try {
    desk = new Desk(readTrust(text));
    drawTrust(desk.consortium, source);
    byId("trust-fault").hidden = true;
    for (const entry of entries) entry.checked = null;
  } catch (error) {
    // The status is soon that of the files again; whom one trusts, and why not others, stays.
    byId("trust-fault").textContent = `A trust file was not taken: ${error.message}.`;
    byId("trust-fault").hidden = false;
  }
}

async function checkAll() {
  drawFiles();
  if (desk === null) return tell("choose a trust.json first", "wait");
  const waiting = entries.filter(({ checked }) => checked === null);
  for (const [index, entry] of waiting.entries()) {
    tell(`checking ${index + 1} of ${waiting.length}`, "wait");
    await painted();
    entry.checked = await checkOne(entry);
    drawFiles();
  }
  const failed = entries.filter((entry) => verdictOf(entry).tone === "bad").length;
  tell(failed === 0 ? "ready" : `ready: ${failed} of ${entries.length} do not hold`, failed === 0 ? "good" : "bad");
  const opened = entries.find(({ name }) => name === openName);
  if (opened !== undefined) drawOne(opened);
}

async function checkOne({ name, file }) {
  if (file.size > FILE_BYTES_MAX) return { kind: "refused", name, words: "larger than any receipt" };
  try {
    return await desk.check(name, new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    // A file that went away, or a fault of this page: neither says anything about a payment.
    return { kind: "refused", name, words: `could not be checked: ${error.message}` };
  }
}

/** Lets the browser show how far it is: a check keeps it busy for some tenths of a second. */
function painted() {
  return new Promise((resolve) => setTimeout(resolve));
}

function tell(words, tone) {
  setBadge(byId("status"), words, tone);
}

function verdictOf({ checked }) {
  if (checked === null) return { words: "waiting", tone: "wait" };
  if (checked.kind === "refused") return { words: "not checked", tone: "wait" };
  if (checked.kind === "verdict") return verdictOfAudit(checked.opened);
  return checked.opened.report.ok ? { words: "holds", tone: "good" } : { words: "does not hold", tone: "bad" };
}

function verdictOfAudit(opened) {
  if (!opened.ok) return { words: "not to be believed", tone: "bad" };
  return opened.verdict.ok ? { words: "PASS", tone: "good" } : { words: "FAIL", tone: "bad" };
}

function drawFiles() {
  byId("files-empty").hidden = entries.length > 0;
  byId("clear").hidden = entries.length === 0;
  const rows = entries.map((entry) => {
    const { words, tone } = verdictOf(entry);
    return [openButton(entry), badge(words, tone), ...cellsOf(entry.checked)];
  });
  const heads = ["File", "Verdict", "Event", "Device", "Earned", "Penalty", "Why not"];
  fillTable(byId("files-table"), rows.length === 0 ? [] : heads, rows);
  drawTotal();
}

function drawTotal() {
  const held = entries.flatMap(({ checked }) => (checked?.kind === "receipt" ? [checked.opened.report.money] : []));
  const moneys = held.filter((money) => money !== null);
  const earned = moneys.reduce((total, { paidMicro }) => total + paidMicro, 0n);
  const penalty = moneys.reduce((total, { penaltyMicro }) => total + penaltyMicro, 0n);
  byId("files-total").hidden = moneys.length < 2;
  byId("files-total").textContent =
    `${moneys.length} of ${held.length} receipts hold: ${moneyText(earned)} earned, ${moneyText(penalty)} penalty.`;
}

function openButton(entry) {
  const button = element("button", { type: "button", textContent: entry.name });
  button.disabled = entry.checked === null;
  button.addEventListener("click", () => open(entry));
  return button;
}

function cellsOf(checked) {
  if (checked?.kind === "refused") return ["–", "–", "–", "–", checked.words];
  if (checked?.kind !== "receipt") return ["–", "–", "–", "–", ""];
  const { subject, money } = checked.opened.report;
  return [
    subject?.eventId ?? "–",
    subject?.deviceId ?? "–",
    money === null ? "–" : moneyText(money.paidMicro),
    money === null ? "–" : moneyText(money.penaltyMicro),
    failureWords(checked.opened.report) ?? "",
  ];
}

function open(entry) {
  if (entry.checked === null) return;
  openName = entry.name;
  drawOne(entry);
  byId("one").hidden = false;
  byId("one").focus();
}

function close() {
  openName = null;
  byId("one").hidden = true;
  byId("files").focus();
}
