import { readFileSync } from "node:fs";
import { writeUnitJson } from "@gridpact/settlement";
import { type HTMLElement, type Node, Window } from "happy-dom";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { AggregatorBench } from "./aggregator-bench.ts";
import { acceptance, QUARTER_MS, START, samplePlan } from "./event-samples.ts";

const window = new Window();
const streams: Record<string, (event: unknown) => void>[] = [];

function byId(id: string): HTMLElement {
  const found = window.document.getElementById(id);
  if (found === null) throw new TypeError(`the page has no element ${id}`);
  return found as HTMLElement;
}

/** All words in it, for a look at what a person would read. */
function words(id: string): string {
  const texts = (node: Node): string[] =>
    node.childNodes.length === 0 ? [node.textContent] : [...node.childNodes].flatMap(texts);
  return texts(byId(id))
    .filter((text) => text.trim() !== "")
    .join(" | ");
}

function show(view: unknown): void {
  streams[0]?.["live"]?.({ data: typeof view === "string" ? view : JSON.stringify(view) });
}

/** A view of a running event, as the aggregator itself renders it. */
async function runningView(): Promise<string> {
  const bench = new AggregatorBench();
  const core = await bench.open();
  await bench.enrolNodes();
  await core.planEvent(samplePlan());
  await bench.settleDown();
  await core.respond("evening-peak.district", acceptance([500n, 500n, 500n, 500n]));
  await bench.settleDown();
  bench.ledger.accept("evening-peak.district");
  await bench.clock.advanceTo(START + QUARTER_MS + 1);
  await core.report("evening-peak.district", { intervalIndex: 0, deliveredWh: 450n, shortfallWh: 50n });
  await bench.settleDown();
  return writeUnitJson(core.liveView());
}

beforeAll(async () => {
  window.document.write(readFileSync(new URL("../page/index.html", import.meta.url), "utf8"));
  vi.stubGlobal("document", window.document);
  vi.stubGlobal(
    "EventSource",
    class {
      readonly #listeners: Record<string, (event: unknown) => void> = {};
      constructor() {
        streams.push(this.#listeners);
      }
      addEventListener(name: string, listener: (event: unknown) => void) {
        this.#listeners[name] = listener;
      }
    },
  );
  await import("../page/live.js");
});

describe("the live page", () => {
  it("draws what the aggregator sends", async () => {
    show(await runningView());
    expect(words("nodes")).toContain("district | silent | 12.0 kW | 30 devices, can reduce 4.0 kW");
    expect(byId("event-title").textContent).toBe("Event evening-peak");
    expect(byId("event-phase").textContent).toBe("running");
    expect(words("request-table")).toContain("district | primary | contracted | 2.00 kWh | 2.00 kWh | 450 Wh");
    expect(byId("chart").firstElementChild?.getAttribute("aria-label")).toContain(
      "2.00 kWh requested, 450 Wh delivered so far",
    );
    expect(words("interval-table")).toContain("12:00 | 500 Wh | 450 Wh | 12:15 | 500 Wh | –");
    expect(byId("connection")).toMatchObject({ textContent: "live", dataset: { tone: "good" } });
  });

  it("shows the clusters that are proposed, and the moves between nodes", () => {
    const money = { escrowedMicro: "0", paidMicro: "0", penaltyMicro: "0", returnedMicro: "0" };
    const clusters = {
      plannedAtUnixMs: START,
      nodes: [{ vnId: "district", members: 3 }],
      initial: [{ feeder: "f1", members: 2 }],
      unplaced: 1,
      moves: [
        { deviceId: "a", fromVnId: "district", toVnId: "offices", state: "proposed", reason: "" },
        { deviceId: "b", fromVnId: "offices", toVnId: "district", state: "underWay", reason: "event 1 may call it" },
      ],
      expectedErrorPerMille: 214,
      movedErrorPerMille: 180,
      reasons: ["one move lowers it"],
    };
    show({ nowUnixMs: START, ledger: null, virtualNodes: [], events: [], clusters, money });
    expect(byId("clusters-empty").hidden).toBe(true);
    expect(words("clusters-facts")).toContain("Expected to miss of promises | 21.4 %");
    expect(words("moves-table")).toContain("a | district | offices | proposed | –");
    expect(words("moves-table")).toContain("b | offices | district | under way | event 1 may call it");
  });

  it("says what is missing when there is nothing to show", () => {
    const money = { escrowedMicro: "0", paidMicro: "0", penaltyMicro: "0", returnedMicro: "0" };
    show({ nowUnixMs: START, ledger: null, virtualNodes: [], events: [], clusters: null, money });
    expect(byId("clusters-empty").hidden).toBe(false);
    expect(byId("nodes-empty").hidden).toBe(false);
    expect(byId("event-empty").hidden).toBe(false);
    expect(byId("event-body").hidden).toBe(true);
    expect(byId("ledger-height").textContent).toBe("not heard of");
  });

  it("says when what it shows is old", () => {
    streams[0]?.["error"]?.({});
    expect(byId("connection")).toMatchObject({ dataset: { tone: "bad" } });
    streams[0]?.["open"]?.({});
    expect(byId("connection")).toMatchObject({ textContent: "live", dataset: { tone: "good" } });
  });

  it("has no two elements of one id", () => {
    const ids = [...window.document.querySelectorAll("[id]")].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
