import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { countedByNode, whenStoreHasAll } from "./node-counts.ts";

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Answers each scrape with the next page, and the last one again. */
async function nodeWith(pages: readonly { status?: number; text: string }[]): Promise<number> {
  let scrapes = 0;
  const server = createServer((_, response) => {
    const { status = 200, text } = pages[Math.min(scrapes, pages.length - 1)] ?? { text: "" };
    scrapes += 1;
    response.writeHead(status).end(text);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const page = (lag: number) => ({
  text: `# TYPE gridpact_ingest_accepted_envelopes_total counter
gridpact_ingest_accepted_envelopes_total{vn="load"} 40
gridpact_ingest_rejected_envelopes_total{reason="stale",vn="load"} 2
gridpact_ingest_rejected_envelopes_total{reason="malformed",vn="load"} 3
gridpact_ingest_accepted_readings_total{vn="load"} 400
gridpact_ingest_batches_total{vn="load"} 7
gridpact_store_lag_records{vn="load"} ${lag}
gridpact_store_written_readings_total{vn="load"} ${400 - 10 * lag}
`,
});

describe("what a virtual node counted", () => {
  it("is every reason together, and nothing where there is no line", async () => {
    expect(await countedByNode(await nodeWith([page(0)]))).toEqual({
      accepted: 40,
      rejected: 5,
      duplicate: 0,
      readings: 400,
      batches: 7,
      storeLag: 0,
      storedReadings: 400,
    });
  });

  it("is not taken for nothing when the node does not answer", async () => {
    await expect(countedByNode(await nodeWith([{ status: 500, text: "" }]))).rejects.toThrow("answer 500");
  });

  it("is that of the moment at which the store lacks nothing", async () => {
    expect(await whenStoreHasAll(await nodeWith([page(3), page(1), page(0)]))).toMatchObject({ storedReadings: 400 });
  });
});
