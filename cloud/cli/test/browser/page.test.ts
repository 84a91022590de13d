import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { FindingLog } from "@gridpact/ledger";
import { type HTMLElement, Window } from "happy-dom";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { signVerdict, verdictOf } from "../../src/audit/signed-verdict.ts";
import { memberOf } from "../../src/consortium/consortium.ts";
import { type Day, playedDay } from "../played-day.ts";
import { sampleAudit } from "../sample-audit.ts";

const APP = new URL("../../../dapp/page/", import.meta.url);

const window = new Window({ url: "http://127.0.0.1/receipts/" });
let day: Day;
let text: string;

function byId(id: string): HTMLElement {
  const found = window.document.getElementById(id);
  if (found === null) throw new TypeError(`the page has no element ${id}`);
  return found as HTMLElement;
}

/** As a browser hands a file to a page. */
function fileOf(name: string, contents: Uint8Array | string) {
  return new File([contents as string], name);
}

/** Drops files and waits until the page says that it is done with them. */
async function drop(...files: File[]): Promise<void> {
  byId("status").textContent = "";
  const event = Object.assign(new window.Event("drop"), { dataTransfer: { files } });
  window.dispatchEvent(event);
  await vi.waitFor(() => {
    expect(byId("files-table").querySelectorAll("tbody tr").length).toBeGreaterThan(0);
    expect(byId("status").textContent).toMatch(/^ready/);
    expect(byId("files-table").textContent).not.toContain("waiting");
  }, 30_000);
}

const rows = () =>
  [...byId("files-table").querySelectorAll("tbody tr")].map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent),
  );

beforeAll(async () => {
  day = await playedDay("page");
  [text = ""] = day.receipts.values();
  window.document.write(readFileSync(new URL("index.html", APP), "utf8"));
  vi.stubGlobal("document", window.document);
  vi.stubGlobal("location", window.location);
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  vi.stubGlobal("fetch", async () => ({ ok: true, text: async () => JSON.stringify(day.consortium) }));
  await import(new URL("app.js", APP).href);
  await vi.waitFor(() => expect(byId("status").textContent).toBe("ready"));
}, 120_000);

afterAll(() => vi.unstubAllGlobals());

describe("the page of receipts", () => {
  it("names whom it trusts by fingerprint, and that it has them from the server", () => {
    expect(byId("trust-words").textContent).toContain("named by the server");
    const roots = [...byId("trust-table").querySelectorAll("tbody tr")];
    expect(roots).toHaveLength(day.consortium.organisations.length + day.consortium.orderers.length);
    expect(byId("trust-table").querySelector(".mono")?.textContent).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  });

  it("opens a receipt that holds: what happened, what was metered, what was paid", async () => {
    await drop(fileOf("a.json.gz", gzipSync(text)));
    expect(rows()).toHaveLength(1);
    expect(rows()[0]?.[1]).toBe("holds");
    expect(byId("one").hidden).toBe(false);
    expect(byId("one-words").textContent).toContain("This receipt holds");
    expect(byId("one-steps").querySelectorAll('.badge[data-tone="good"]')).toHaveLength(13);
    const { settlement } = JSON.parse(text) as { settlement: { intervals: unknown[] } };
    expect(byId("one-plot").querySelectorAll("rect")).toHaveLength(settlement.intervals.length);
    expect(byId("one-intervals").querySelectorAll("tbody tr")).toHaveLength(settlement.intervals.length);
    expect(byId("one-lines").textContent).toContain("Payment");
    expect(byId("one-chosen").textContent).toContain("candidates");
  });

  it("lists many with what they come to, and says of a forged one in plain words at which step it fails", async () => {
    const [, other = ""] = day.receipts.values();
    const paid = other.replace(
      /"paidMicro":"(\d)/,
      (_, digit) => `"paidMicro":"${digit === "9" ? 8 : Number(digit) + 1}`,
    );
    await drop(fileOf("b.json", other), fileOf("forged.json", paid));
    expect(rows().map(([, verdict]) => verdict)).toEqual(["holds", "holds", "does not hold"]);
    expect(rows()[2]?.[6]).toContain("Step “settlement”: The amounts in this receipt do not follow");
    expect(byId("files-total").textContent).toMatch(/^2 of 3 receipts hold: € /);
    expect(byId("status").textContent).toBe("ready: 1 of 3 do not hold");
    const [, , button] = [...byId("files-table").querySelectorAll("button")];
    (button as unknown as HTMLElement).click();
    expect(byId("one-story").hidden).toBe(true);
    expect(byId("one-words").dataset["tone"]).toBe("bad");
    expect(byId("one-steps").textContent).toContain("settlement.paidMicro");
  });

  it("shows an auditor's verdict with each discrepancy, and does not believe another's", async () => {
    const finding = { blockNumber: 3, transactionId: "ab".repeat(32), name: "sc2:SettleDRBatch", about: "sc2/x" };
    const findings = new FindingLog();
    findings.add({ ...finding, expected: "10", found: "11" });
    const signed = signVerdict(verdictOf(sampleAudit(findings.findings), facts()), memberOf(day.members, "auditor"));
    await drop(
      fileOf("verdict.json", signed),
      fileOf("changed.json", signed.replace('\\"blocks\\":3', '\\"blocks\\":8')),
    );
    expect(
      rows()
        .slice(-2)
        .map(([, verdict]) => verdict),
    ).toEqual(["FAIL", "not to be believed"]);
    const buttons = [...byId("files-table").querySelectorAll("button")] as unknown as HTMLElement[];
    buttons.at(-2)?.click();
    expect(byId("one-words").textContent).toContain("FAIL: 1 discrepancies. Signed by auditor of AuditorMSP.");
    expect(byId("one-findings").textContent).toContain("block 3, ababababababsc2:SettleDRBatch: sc2/x1011");
  });

  it("checks everything anew by a trust of one's own", async () => {
    const [organisation] = day.consortium.organisations;
    const organisations = day.consortium.organisations.map((each) => ({ ...organisation, mspId: each.mspId }));
    await drop(fileOf("trust.json", JSON.stringify({ ...day.consortium, organisations })));
    expect(byId("trust-words").textContent).toContain("from your file trust.json");
    expect(rows()[0]?.[1]).toBe("does not hold");
    expect(rows()[0]?.[6]).toContain("Step “blocks”");
  });

  it("keeps its trust when a file names one that cannot be used, and says why", async () => {
    const broken = { ...day.consortium, organisations: [{ mspId: "VnMSP", authorityPem: "none" }] };
    window.dispatchEvent(
      Object.assign(new window.Event("drop"), { dataTransfer: { files: [fileOf("t.json", JSON.stringify(broken))] } }),
    );
    await vi.waitFor(() => expect(byId("trust-fault").textContent).toContain("certificate cannot be read"));
  });

  it("has no two elements of one id, and a label or words for each control", () => {
    const ids = [...window.document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const buttons = [...window.document.querySelectorAll("button")];
    expect(buttons.every(({ textContent }) => textContent.trim() !== "")).toBe(true);
    expect(byId("choose").closest("label")).not.toBeNull();
  });
});

function facts() {
  return { consortium: day.consortium, ledgerKind: "embedded" as const, madeAtUnixMs: Date.UTC(2016, 1, 1) };
}
