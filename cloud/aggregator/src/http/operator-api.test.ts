import { EventEmitter } from "node:events";
import type { ServerResponse } from "node:http";
import { silentLog, VirtualClock } from "@gridpact/host";
import { writeUnitJson } from "@gridpact/settlement";
import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, it } from "vitest";
import { AggregatorBench } from "../../test/aggregator-bench.ts";
import { samplePlan } from "../../test/event-samples.ts";
import { LIVE_VIEWERS_MAX } from "../live/live-feed.ts";
import { createOperatorApp } from "./aggregator-server.ts";

let bench: AggregatorBench;
let app: FastifyInstance;
let feed: Awaited<ReturnType<typeof createOperatorApp>>["feed"];

beforeEach(async () => {
  bench = new AggregatorBench();
  const core = await bench.open();
  await bench.enrolNodes();
  ({ app, feed } = await createOperatorApp({ core, screenClock: new VirtualClock(0), log: silentLog }));
});

function body(changes = {}) {
  const { eventId: _, ...plan } = samplePlan(changes);
  return JSON.parse(writeUnitJson(plan));
}

function put(url: string, payload: object) {
  return app.inject({ method: "PUT", url, payload });
}

describe("the operator's API", () => {
  it("plans an event, shows it, and takes the same plan again", async () => {
    const planned = await put("/api/v1/events/evening-peak", body());
    expect(planned.statusCode).toBe(201);
    expect(planned.json().plan.requestedWh).toEqual(["500", "500", "500", "500"]);
    const again = await put("/api/v1/events/evening-peak", body());
    expect(again.body).toBe(planned.body);
    const shown = await app.inject("/api/v1/events/evening-peak");
    expect(shown.body).toBe(planned.body);
  });

  it("previews a plan without planning it", async () => {
    const preview = await app.inject({ method: "POST", url: "/api/v1/events/e/preview", payload: body() });
    expect(preview.json().allocations).toEqual([{ vnId: "district", orderedWh: ["500", "500", "500", "500"] }]);
    expect((await app.inject("/api/v1/events")).json()).toEqual({ items: [], nextAfter: null });
  });

  it("enrols a node and changes its price", async () => {
    const enrolled = await put("/api/v1/virtual-nodes/harbour", { mspId: "VnMSP", priceMicroPerWh: "70" });
    expect(enrolled.json()).toMatchObject({ vnId: "harbour", priceMicroPerWh: "70", isOnLedger: false });
    const changed = await put("/api/v1/virtual-nodes/harbour", { mspId: "VnMSP", priceMicroPerWh: "75" });
    expect(changed.json()).toMatchObject({ vnId: "harbour", priceMicroPerWh: "75" });
  });

  it("turns away a viewer beyond as many as there may be", async () => {
    for (let viewer = 0; viewer < LIVE_VIEWERS_MAX; viewer++) {
      const screen = Object.assign(new EventEmitter(), { writableLength: 0, writeHead() {}, write() {}, end() {} });
      feed.add(screen as unknown as ServerResponse);
    }
    const refused = await app.inject("/api/v1/live");
    expect([refused.statusCode, refused.json().code]).toEqual([503, "TOO_MANY_VIEWERS"]);
    feed.close();
  });

  it("pages through nodes by limit and last id", async () => {
    const first = await app.inject("/api/v1/virtual-nodes?limit=1");
    expect(first.json()).toMatchObject({ items: [{ vnId: "district" }], nextAfter: "district" });
    const second = await app.inject("/api/v1/virtual-nodes?limit=1&after=district");
    expect(second.json()).toMatchObject({ items: [{ vnId: "offices" }], nextAfter: null });
  });

  it.each<[string, number, string, object]>([
    ["another plan under a known id", 409, "PLAN_CONFLICT", body({ penaltyMicroPerWh: 1n })],
    ["a plan that cannot be carried out", 422, "PLAN_INVALID", body({ requestedWh: [0n, 0n, 0n, 0n] })],
    ["an amount that is no decimal text", 400, "INVALID_INPUT", { ...body(), priceMicroPerWhMax: 100 }],
    ["a leading zero", 400, "INVALID_INPUT", { ...body(), priceMicroPerWhMax: "01" }],
    ["an unknown field", 400, "INVALID_INPUT", { ...body(), price: "1" }],
    ["a missing field", 400, "INVALID_INPUT", { requestedWh: ["1"] }],
    ["too many intervals", 400, "INVALID_INPUT", { ...body(), requestedWh: Array.from({ length: 193 }, () => "1") }],
  ])("refuses %s with a problem document", async (_, status, code, payload) => {
    if (code === "PLAN_CONFLICT") await put("/api/v1/events/e", body());
    const answer = await put("/api/v1/events/e", payload);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toMatchObject({ status, code, instance: "/api/v1/events/e" });
  });

  it("refuses a page size beyond what its pattern takes, and cuts one beyond the bound", async () => {
    expect((await app.inject("/api/v1/events?limit=0")).statusCode).toBe(400);
    expect((await app.inject("/api/v1/events?limit=1000")).statusCode).toBe(400);
    expect((await app.inject("/api/v1/events?limit=999")).statusCode).toBe(200);
  });

  it("refuses a body that is too large or no JSON", async () => {
    const large = await put("/api/v1/events/e", { filler: "x".repeat(81 * 1024) });
    expect(large.statusCode).toBe(413);
    const headers = { "content-type": "application/json" };
    const broken = await app.inject({ method: "PUT", url: "/api/v1/events/e", headers, payload: "{" });
    expect(broken.statusCode).toBe(400);
    expect(broken.headers["content-type"]).toContain("application/problem+json");
  });

  it("has the app that checks receipts, and the trust beside it, once that is built", async () => {
    expect((await app.inject("/receipts/")).statusCode).toBe(404);
    const directory = new URL("../../../dapp/page/", import.meta.url);
    const texts = { "trust.json": '{"channelName":"gridpact"}' };
    const receiptApp = { directory, files: ["index.html", "app.css"], texts };
    const core = await bench.open();
    const { app: withApp } = await createOperatorApp(
      { core, screenClock: new VirtualClock(0), log: silentLog },
      receiptApp,
    );
    expect((await withApp.inject("/receipts/")).body).toContain("<title>Gridpact receipts</title>");
    expect((await withApp.inject("/receipts/app.css")).headers["content-type"]).toContain("text/css");
    expect((await withApp.inject("/receipts/trust.json")).json()).toEqual({ channelName: "gridpact" });
    expect((await withApp.inject("/")).body).toContain('href="/receipts/"');
  });

  it("says that there is nothing at other paths", async () => {
    for (const url of ["/api/v1/events/none", "/api/v1/none", "/../package.json", "/page/index.html"]) {
      const answer = await app.inject(url);
      expect(answer.statusCode, url).toBe(404);
      expect(answer.headers["content-type"]).toContain("application/problem+json");
    }
  });

  it("does not tell the caller what broke inside", async () => {
    bench.disk.setFault("ENOSPC");
    const answer = await put("/api/v1/events/e", body());
    expect(answer.json()).toMatchObject({ status: 500, code: "INTERNAL" });
    expect(answer.body).not.toContain("ENOSPC");
  });
});

describe("the operator's listener", () => {
  it("describes its API", async () => {
    const { openapi, paths } = (await app.inject("/openapi.json")).json();
    expect(openapi).toBe("3.1.0");
    expect(Object.keys(paths).sort()).toEqual([
      "/api/v1/clusters",
      "/api/v1/clusters/moves",
      "/api/v1/clusters/moves/{moveId}",
      "/api/v1/events",
      "/api/v1/events/{eventId}",
      "/api/v1/events/{eventId}/decision",
      "/api/v1/events/{eventId}/preview",
      "/api/v1/live",
      "/api/v1/virtual-nodes",
      "/api/v1/virtual-nodes/{vnId}",
    ]);
  });

  it("serves the page with nothing from outside", async () => {
    for (const url of ["/", "/live.css", "/live.js", "/chart.js"]) {
      const answer = await app.inject(url);
      expect(answer.statusCode, url).toBe(200);
      expect(answer.body).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
    }
  });

  it("is ready while the ledger answers", async () => {
    expect((await app.inject("/health")).json()).toEqual({ status: "up" });
    expect((await app.inject("/ready")).statusCode).toBe(503);
    await bench.core().tick();
    expect((await app.inject("/ready")).json()).toEqual({ status: "ready" });
    bench.ledger.isDown = true;
    await bench.core().tick();
    expect((await app.inject("/ready")).statusCode).toBe(503);
    bench.ledger.isDown = false;
    await bench.core().tick();
    expect((await app.inject("/ready")).statusCode).toBe(200);
  });

  it("counts nodes, events, energy and money for Prometheus", async () => {
    await put("/api/v1/events/evening-peak", body());
    await bench.core().tick();
    const { body: text } = await app.inject("/metrics");
    expect(text).toContain('gridpact_aggregator_vn_import_watts{vn="district"} 12000');
    expect(text).toContain('gridpact_aggregator_events{phase="requested"} 1');
    expect(text).toContain("gridpact_aggregator_paid_euros_total 0");
    expect(text).toMatch(/gridpact_aggregator_ledger_height_blocks [1-9]/);
    expect(text).not.toContain("instants");
  });

  it("tells what its timekeeper and dispute keeper have done and have before them, if it runs any", async () => {
    let attested = 3;
    const instants = () => ({ waiting: 12 - attested, attested });
    const keepers = { instants, disputes: () => ({ waiting: 2, opened: 1 }) };
    const modules = { core: bench.core(), screenClock: new VirtualClock(0), log: silentLog, keepers };
    const { app: keeping } = await createOperatorApp(modules);
    expect((await keeping.inject("/metrics")).body).toContain("gridpact_aggregator_waiting_instants 9");
    expect((await keeping.inject("/metrics")).body).toContain("gridpact_aggregator_unfinished_contracts 2");
    expect((await keeping.inject("/metrics")).body).toContain("gridpact_aggregator_opened_disputes_total 1");
    attested = 5;
    expect((await keeping.inject("/metrics")).body).toContain("gridpact_aggregator_attested_instants_total 5");
  });
});
