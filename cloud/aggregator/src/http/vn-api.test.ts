import { silentLog } from "@gridpact/host";
import type { FastifyInstance } from "fastify";
import { beforeEach, describe, expect, it } from "vitest";
import { AggregatorBench } from "../../test/aggregator-bench.ts";
import { PROOF, samplePlan } from "../../test/event-samples.ts";
import { createVnApp } from "./aggregator-server.ts";

const REQUEST = "/api/v1/requests/evening-peak.district";
const RESPONSE = {
  isAccepted: true,
  nominatedWh: ["500", "500", "500", "500"],
  acceptanceProofHashHex: PROOF,
  reason: "",
};
const PROFILE = { vnId: "district", feidCount: 30, importW: -200, reduceWMax: 4_000, reboundPerMille: 500 };

let bench: AggregatorBench;
let app: FastifyInstance;

beforeEach(async () => {
  bench = new AggregatorBench();
  const core = await bench.open();
  await bench.enrolNodes();
  await core.planEvent(samplePlan());
  await bench.settleDown();
  // Stands for the client certificate, which the test over real TLS covers.
  const callerOf = ({ headers }: { headers: Record<string, unknown> }) => headers["x-caller"] as string | undefined;
  app = await createVnApp(core, { log: silentLog, callerOf });
});

function call(method: "GET" | "PUT", url: string, payload?: object, caller = "district") {
  return app.inject({ method, url, headers: { "x-caller": caller }, ...(payload && { payload }) });
}

describe("the API for virtual nodes", () => {
  it("carries a node's whole part of an event", async () => {
    expect((await call("PUT", "/api/v1/virtual-nodes/district/profile", PROFILE)).statusCode).toBe(204);
    const { items } = (await call("GET", "/api/v1/virtual-nodes/district/requests")).json();
    expect(items[0]).toMatchObject({ requestId: "evening-peak.district", orderedWh: ["500", "500", "500", "500"] });
    expect((await call("PUT", `${REQUEST}/response`, RESPONSE)).statusCode).toBe(204);
    await bench.settleDown();
    const report = { deliveredWh: "480", shortfallWh: "20" };
    expect((await call("PUT", `${REQUEST}/reports/0`, report)).statusCode).toBe(204);
    const [placed] = bench.core().event("evening-peak")?.requests ?? [];
    expect(placed).toMatchObject({ state: "contracted", reports: [{ intervalIndex: 0, deliveredWh: 480n }] });
    expect(bench.core().virtualNodes()[0]?.heartbeat?.profile.importW).toBe(-200);
  });

  it("shows and takes only what is the caller's", async () => {
    const foreign = [
      await call("PUT", "/api/v1/virtual-nodes/district/profile", PROFILE, "offices"),
      await call("GET", "/api/v1/virtual-nodes/district/requests", undefined, "offices"),
      await call("PUT", `${REQUEST}/response`, RESPONSE, "offices"),
      await call("PUT", `${REQUEST}/reports/0`, { deliveredWh: "1", shortfallWh: "0" }, "offices"),
    ];
    for (const answer of foreign) expect(answer.json()).toMatchObject({ status: 403, code: "NOT_YOURS" });
  });

  it("does not take a profile under another's name", async () => {
    await call("PUT", "/api/v1/virtual-nodes/district/profile", { ...PROFILE, vnId: "offices", reduceWMax: 1 });
    expect(
      bench
        .core()
        .virtualNodes()
        .map(({ heartbeat }) => heartbeat?.profile.reduceWMax),
    ).toEqual([1, 4_000]);
  });

  it.each<[string, string, object, number, string]>([
    ["an unknown request", "/api/v1/requests/none/response", RESPONSE, 404, "UNKNOWN_REQUEST"],
    [
      "a nomination beyond the order",
      `${REQUEST}/response`,
      { ...RESPONSE, nominatedWh: ["501", "0", "0", "0"] },
      422,
      "RESPONSE_INVALID",
    ],
    ["a hash that is none", `${REQUEST}/response`, { ...RESPONSE, acceptanceProofHashHex: "xx" }, 400, "INVALID_INPUT"],
    ["a negative energy", `${REQUEST}/reports/0`, { deliveredWh: "-1", shortfallWh: "0" }, 400, "INVALID_INPUT"],
    [
      "a report without contract",
      `${REQUEST}/reports/0`,
      { deliveredWh: "1", shortfallWh: "0" },
      422,
      "REPORT_INVALID",
    ],
    [
      "an interval that is no number",
      `${REQUEST}/reports/x`,
      { deliveredWh: "1", shortfallWh: "0" },
      400,
      "INVALID_INPUT",
    ],
  ])("refuses %s", async (_, url, payload, status, code) => {
    expect((await call("PUT", url, payload)).json()).toMatchObject({ status, code });
  });

  it("has none of the operator's paths", async () => {
    for (const url of ["/api/v1/events", "/", "/metrics"]) expect((await call("GET", url)).statusCode).toBe(404);
    expect(Object.keys((await call("GET", "/openapi.json")).json().paths)).toHaveLength(4);
  });
});
