import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readVirtualNodeConfig, runVirtualNode } from "@gridpact/broker";
import { nodeDisk, silentLog, systemRandom, wallClock } from "@gridpact/host";
import { openTwinEngine } from "@gridpact/native";

const MTU_MS = 900_000;

/** The metrics page of a virtual node that has just started, as Prometheus or InfluxDB get it. */
export async function metricsPage(vnId: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-metrics-"));
  const disk = nodeDisk(directory);
  const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS });
  const config = readVirtualNodeConfig({
    GRIDPACT_VN_ID: vnId,
    GRIDPACT_VN_DATA: directory,
    GRIDPACT_VN_MTU_MS: `${MTU_MS}`,
    GRIDPACT_VN_MQTT_PORT: "0",
    GRIDPACT_VN_ENROLMENT_PORT: "0",
    GRIDPACT_VN_HEALTH_PORT: "0",
    GRIDPACT_VN_STORE: "none",
  });
  const running = await runVirtualNode(config, {
    clock: wallClock(),
    random: systemRandom,
    disk,
    engine,
    outbox: { execute: async (key) => ({ transactionId: key, blockNumber: 1 }) },
    log: silentLog,
    onFatal: (error) => {
      throw error;
    },
  });
  const page = await (await fetch(`http://127.0.0.1:${running.ports.health}/metrics`)).text();
  await running.close();
  await engine.close();
  rmSync(directory, { recursive: true });
  return page;
}

export type MetricType = { name: string; type: string };

/** Every metric that a page declares, whether it has a value yet or not. */
export function metricTypes(page: string): MetricType[] {
  return [...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({ name, type }));
}

/** How much a counter, or a bucket of a histogram, grows from one scrape to the next. */
const GROWTH = 10;

/**
 * Serves a page with every metric of the given types, counters growing from scrape to scrape, labels included where a
 * panel asks for them. A virtual node in a test has no value for most of them: nothing has gone wrong there.
 */
export async function serveGrowingPage(types: readonly MetricType[], vnId: string, labels: Record<string, string>) {
  let scrapes = 0;
  const waiting: { scrapes: number; resolve: () => void }[] = [];
  const server = createServer((_request, response) => {
    scrapes += 1;
    for (const each of waiting) if (scrapes >= each.scrapes) each.resolve();
    const count = scrapes * GROWTH;
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(types.map((each) => linesOf(each, { vnId, count, label: labels[each.name] })).join(""));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`,
    /** Resolves at the so-manieth scrape. */
    whenScraped: (count: number) => new Promise<void>((resolve) => waiting.push({ scrapes: count, resolve })),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function linesOf({ name, type }: MetricType, at: { vnId: string; count: number; label: string | undefined }): string {
  const tags = `vn="${at.vnId}"`;
  const head = `# TYPE ${name} ${type}\n`;
  if (type !== "histogram") {
    const label = at.label === undefined ? "" : `${at.label}="x",`;
    return `${head}${name}{${label}${tags}} ${at.count}\n`;
  }
  // Half of the observations are below 10 ms, the others below 100 ms.
  const bucket = (bound: string, count: number) => `${name}_bucket{le="${bound}",${tags}} ${count}\n`;
  const buckets = bucket("0.01", at.count / 2) + bucket("0.1", at.count) + bucket("+Inf", at.count);
  return `${head}${buckets}${name}_sum{${tags}} 1\n${name}_count{${tags}} ${at.count}\n`;
}
