import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readMetrics } from "./metrics-reader.ts";

const PAGE = `# HELP gridpact_ingest_accepted_readings_total Readings in accepted envelopes.
# TYPE gridpact_ingest_accepted_readings_total counter
gridpact_ingest_accepted_readings_total{vn="district"} 1200
gridpact_ingest_rejected_envelopes_total{reason="stale",vn="district"} 3
gridpact_ingest_rejected_envelopes_total{reason="forged",vn="district"} 4
gridpact_ingest_rejected_envelopes_total_created 99
other_gridpact_ingest_rejected_envelopes_total 99
gridpact_anchor_anchored_leaves 1.5e3
`;

let server: Server;
let status: number;
let asked: string[];

beforeEach(async () => {
  status = 200;
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.statusCode = status;
    response.end(status === 200 ? PAGE : "starting");
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});

afterEach(() => new Promise((resolve) => server.close(resolve)));

function read() {
  return readMetrics((server.address() as AddressInfo).port);
}

describe("a metric", () => {
  it("is summed over its labels, and not over names that begin or end alike", async () => {
    const value = await read();
    expect(value("gridpact_ingest_rejected_envelopes_total")).toBe(7);
    expect(value("gridpact_ingest_accepted_readings_total")).toBe(1_200);
    expect(asked).toEqual(["GET /metrics"]);
  });

  it("may have no label, and an exponent", async () => {
    expect((await read())("gridpact_anchor_anchored_leaves")).toBe(1_500);
  });

  it("without a sample is 0", async () => {
    expect((await read())("gridpact_anchor_anchored_batches")).toBe(0);
  });
});

describe("no metric is read", () => {
  it("from an answer that is no page: it would count as nothing stored", async () => {
    status = 503;
    await expect(read()).rejects.toMatchObject({ code: "INPUT", message: expect.stringContaining("503: starting") });
  });

  it("where nobody listens", async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await expect(readMetrics(port)).rejects.toThrow("fetch failed");
    server = createServer();
    server.listen(0, "127.0.0.1");
  });
});
