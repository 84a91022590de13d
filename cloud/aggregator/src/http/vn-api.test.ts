import { silentLog } from "@gridpact/host";
import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, it } from "vitest";
import { AggregatorBench } from "../../test/aggregator-bench.ts";
import { createVnApp } from "./aggregator-server.ts";

const PATH = "/api/v1/virtual-nodes/district/profile";
const PROFILE = { vnId: "district", feidCount: 30, importW: -200, reduceWMax: 4_000, reboundPerMille: 500 };

let bench: AggregatorBench;
let app: FastifyInstance;

beforeEach(async () => {
  bench = new AggregatorBench();
  const core = await bench.open();
  await bench.enrolNodes(1);
  // Stands for the client certificate, which the test over real TLS covers.
  const callerOf = ({ headers }: { headers: Record<string, unknown> }) => headers["x-caller"] as string | undefined;
  app = await createVnApp(core, { log: silentLog, callerOf });
});

function call(method: "GET" | "PUT", url: string, payload?: object, caller = "district") {
  return app.inject({ method, url, headers: { "x-caller": caller }, ...(payload && { payload }) });
}

function reduceWMax(): (number | undefined)[] {
  const nodes = bench.core().virtualNodes();
  return nodes.map(({ heartbeat }) => heartbeat?.profile.reduceWMax);
}

describe("the API for virtual nodes", () => {
  it("takes a node's profile as its heartbeat", async () => {
    expect((await call("PUT", PATH, PROFILE)).statusCode).toBe(204);
    expect(bench.core().virtualNodes()[0]?.heartbeat?.profile.importW).toBe(-200);
  });

  it("takes only what is the caller's", async () => {
    const answer = await call("PUT", PATH, PROFILE, "offices");
    expect(answer.json()).toMatchObject({ status: 403, code: "NOT_YOURS" });
    expect(reduceWMax()).toEqual([1, 1]);
  });

  it("does not take a profile under another's name", async () => {
    await call("PUT", PATH, { ...PROFILE, vnId: "offices" });
    expect(reduceWMax()).toEqual([4_000, 1]);
  });

  it.each([
    ["a misspelt field", { ...PROFILE, reduceW: 1 }],
    ["a missing one", { vnId: "district" }],
    ["a fraction of a watt", { ...PROFILE, importW: 0.5 }],
  ])("refuses a profile with %s", async (_case, profile) => {
    expect((await call("PUT", PATH, profile)).json()).toMatchObject({ status: 400, code: "INVALID_INPUT" });
    expect(reduceWMax()).toEqual([1, 1]);
  });

  it("takes what a node says of its prosumers, and answers with the guidelines", async () => {
    const item = {
      prosumerId: "d-home-h01",
      feeder: "f1",
      contractType: "reduction",
      capacityW: 600,
      dayW: new Array(48).fill(500),
      wattPerKelvin: null,
      events: [{ eventId: "e1", startUnixMs: 0, promisedWh: 100, deliveredWh: 90 }],
    };
    const url = "/api/v1/virtual-nodes/district/prosumers";
    const answer = await call("PUT", url, { items: [item] });
    expect(answer.json()).toMatchObject({ guidelines: { membersMin: 2, movesMax: 4 }, moves: [] });
    expect(bench.core().clusters().nodes).toEqual([{ vnId: "district", members: 1 }]);
    for (const wrong of [
      { ...item, dayW: [1] },
      { ...item, extra: 1 },
      { ...item, capacityW: -1 },
    ]) {
      expect((await call("PUT", url, { items: [wrong] })).statusCode).toBe(400);
    }
    const many = new Array(101).fill(item);
    expect((await call("PUT", url, { items: many })).statusCode).toBe(400);
  });

  it("has none of the operator's paths, and none for requests, which travel by OpenADR", async () => {
    const paths = ["/api/v1/events", "/", "/metrics", "/api/v1/virtual-nodes/district/requests"];
    for (const url of paths) expect((await call("GET", url)).statusCode).toBe(404);
    expect(Object.keys((await call("GET", "/openapi.json")).json().paths)).toHaveLength(3);
  });
});
