import { readFileSync } from "node:fs";
import { writeUnitJson } from "@gridpact/settlement";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { AggregatorBench } from "./aggregator-bench.ts";
import { acceptance, QUARTER_MS, START, samplePlan } from "./event-samples.ts";

/** As much of a DOM element as the page uses. */
class PageElement {
  readonly name: string;
  readonly attributes: Record<string, string> = {};
  readonly dataset: Record<string, string> = {};
  readonly style: Record<string, string> = {};
  readonly listeners: Record<string, (event: unknown) => void> = {};
  children: (PageElement | string)[] = [];
  textContent = "";
  hidden = false;

  constructor(name: string) {
    this.name = name;
  }

  append(...children: (PageElement | string)[]) {
    this.children.push(...children);
  }

  appendChild(child: PageElement) {
    this.children.push(child);
    return child;
  }

  replaceChildren(...children: (PageElement | string)[]) {
    this.children = children;
  }

  setAttribute(name: string, value: unknown) {
    if (value === undefined || Number.isNaN(value)) throw new TypeError(`${name} of ${this.name} is ${value}`);
    this.attributes[name] = String(value);
  }

  addEventListener(name: string, listener: (event: unknown) => void) {
    this.listeners[name] = listener;
  }

  /** All words in it, for a look at what a person would read. */
  words(): string {
    return [this.textContent, ...this.children.map((each) => (typeof each === "string" ? each : each.words()))]
      .filter((text) => text !== "")
      .join(" | ");
  }
}

const elements = new Map<string, PageElement>();
const streams: Record<string, (event: unknown) => void>[] = [];

function byId(id: string): PageElement {
  const known = elements.get(id) ?? new PageElement(id);
  elements.set(id, known);
  return known;
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
  vi.stubGlobal("document", {
    getElementById: byId,
    createElement: (name: string) => new PageElement(name),
    createElementNS: (_: string, name: string) => new PageElement(name),
    activeElement: null,
  });
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
    expect(byId("nodes").words()).toContain("district | silent | 12.0 kW | 30 devices, can reduce 4.0 kW");
    expect(byId("event-title").textContent).toBe("Event evening-peak");
    expect(byId("event-phase").textContent).toBe("running");
    expect(byId("request-table").words()).toContain("district | primary | contracted | 2.00 kWh | 2.00 kWh | 450 Wh");
    const [chart] = byId("chart").children as PageElement[];
    expect(chart?.attributes["aria-label"]).toContain("2.00 kWh requested, 450 Wh delivered so far");
    expect(byId("interval-table").words()).toContain("12:00 | 500 Wh | 450 Wh | 12:15 | 500 Wh | –");
    expect(byId("connection")).toMatchObject({ textContent: "live", dataset: { tone: "good" } });
  });

  it("shows the clusters that are proposed, and the moves between nodes", () => {
    const money = { escrowedMicro: "0", paidMicro: "0", penaltyMicro: "0", returnedMicro: "0" };
    const clusters = {
      plannedAtUnixMs: START,
      nodes: [{ vnId: "district", members: 3 }],
      initial: [{ feeder: "f1", members: 2 }],
      unplaced: 1,
      moves: [{ memberId: "a", fromVnId: "district", toVnId: "offices" }],
      expectedErrorPerMille: 214,
      movedErrorPerMille: 180,
      reasons: ["one move lowers it"],
    };
    show({ nowUnixMs: START, ledger: null, virtualNodes: [], events: [], clusters, money });
    expect(byId("clusters-empty").hidden).toBe(true);
    expect(byId("clusters-facts").words()).toContain("Expected to miss of promises | 21.4 %");
    expect(byId("moves-table").words()).toContain("a | district | offices");
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

  it("has an element for each id that its script uses, and no two of one id", () => {
    const html = readFileSync(new URL("../page/index.html", import.meta.url), "utf8");
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of elements.keys()) expect(ids).toContain(id);
  });
});
