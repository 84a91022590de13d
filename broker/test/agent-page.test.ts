import { readFileSync } from "node:fs";
import { type HTMLElement, Window } from "happy-dom";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { MINUTE_MS, openBench, SETTLED } from "../src/agent/test/scenarios.ts";
import { agentApp } from "../src/agent-page/agent-server.ts";
import { agentViewModules } from "./agent-view-modules.ts";

const window = new Window({ url: "http://127.0.0.1/" });
let isDown = false;
let lookAgain: () => Promise<void>;

function byId(id: string): HTMLElement {
  const found = window.document.getElementById(id);
  if (found === null) throw new TypeError(`the page has no element ${id}`);
  return found as HTMLElement;
}

beforeAll(async () => {
  const bench = await openBench({ a: {}, b: {}, c: {} });
  await bench.runUntil(SETTLED + MINUTE_MS);
  const app = agentApp(agentViewModules(bench));
  window.document.write(readFileSync(new URL("../page/index.html", import.meta.url), "utf8"));
  vi.stubGlobal("document", window.document);
  vi.stubGlobal("location", window.location);
  vi.stubGlobal("addEventListener", window.addEventListener.bind(window));
  vi.stubGlobal("fetch", async (url: string) => {
    if (isDown) throw new TypeError("nobody answers");
    const answer = await app.inject({ url });
    return { ok: answer.statusCode === 200, status: answer.statusCode, json: async () => answer.json() };
  });
  vi.stubGlobal("setInterval", (task: () => Promise<void>) => {
    lookAgain = task;
  });
  await import("../page/agent.js");
  await lookAgain();
}, 60_000);

afterAll(() => vi.unstubAllGlobals());

describe("the page of a node's mind", () => {
  it("draws the forecast with its band, what was metered, and every prosumer with its belief", () => {
    expect(byId("connection").textContent).toBe("live");
    expect(byId("outlook").querySelectorAll("polygon.band, polyline.metered")).toHaveLength(2);
    expect(byId("outlook-words").textContent).toContain("units within the band");
    const rows = [...byId("prosumers").querySelectorAll("tbody tr")];
    expect(rows.map((row) => row.firstElementChild?.textContent)).toEqual(["a", "b", "c"]);
    expect(byId("prosumers").querySelectorAll("svg.belief")).toHaveLength(3);
    expect(byId("choices").querySelectorAll("tbody tr")).toHaveLength(1);
    expect(byId("clusters").textContent).toContain("Proposed moves: a from district to offices.");
  });

  it("opens one prosumer: its day hour by hour, and why it was called", async () => {
    window.location.hash = "#a";
    window.dispatchEvent(new window.Event("hashchange"));
    await lookAgain();
    expect(byId("one").hidden).toBe(false);
    expect(byId("one-title").textContent).toBe("a");
    expect(byId("one-hours").querySelectorAll("rect.reduce")).toHaveLength(24);
    expect(byId("one-events").textContent).toContain("called");
  });

  it("keeps what it shows when the node no longer answers, and marks it as old", async () => {
    isDown = true;
    await lookAgain();
    expect(byId("connection").dataset["tone"]).toBe("bad");
    expect(byId("prosumers").querySelectorAll("tbody tr")).toHaveLength(3);
  });
});
