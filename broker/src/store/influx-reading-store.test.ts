import { type AddressInfo, createServer } from "node:net";
import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openEngineLog } from "../../test/engine-log.ts";
import { findInfluxd, InfluxServer } from "../../test/influx-server.ts";
import { boundary, MeteringDevice, MTU_MS } from "../../test/metering-device.ts";
import { CURSOR_LAG_RECORDS_MAX, InfluxReadingStore } from "./influx-reading-store.ts";
import type { ReadingLog } from "./reading-store.ts";
import { StoreFeed } from "./store-feed.ts";

const influxd = findInfluxd(process.env["INFLUXD"]);
if (influxd === undefined) {
  process.stdout.write("InfluxDB tests do not run: no influxd on PATH or in INFLUXD\n");
}

const history = (deviceId: string) => ({
  deviceId,
  fromUnixMs: boundary(0),
  toUnixMs: boundary(96),
  stepMs: MTU_MS,
});

describe.runIf(influxd !== undefined)("InfluxReadingStore with a real InfluxDB", () => {
  let server: InfluxServer;
  beforeAll(async () => {
    server = await InfluxServer.start(influxd as string);
  });
  afterAll(() => server.stop());

  const openStore = () => new InfluxReadingStore(server.options, modules());

  it("has stored what it says is stored, and the same again only once", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(boundary(0), boundary(0) + 60_000, boundary(2)));
    const store = openStore();
    expect(await store.copyFrom(log.engine, 0n)).toEqual({ readings: 3, nextWalSeq: 1n });
    expect(await store.copyFrom(log.engine, 0n)).toEqual({ readings: 3, nextWalSeq: 1n });
    expect(await store.history(history("meter-1"))).toEqual([
      { startUnixMs: boundary(0), readingCount: 2, meanPowerW: 1_000n, importWh: 1_500n, exportWh: 0n },
      { startUnixMs: boundary(2), readingCount: 1, meanPowerW: 1_000n, importWh: 1_750n, exportWh: 0n },
    ]);
    expect(await store.history(history("nobody"))).toEqual([]);
    await store.close();
  });

  it("catches up from the log after an outage", async () => {
    const device = new MeteringDevice("meter-2", 2);
    const log = await openEngineLog([device]);
    const store = new InfluxReadingStore(server.options, { disk: log.disk, log: silentLog });
    const clock = new VirtualClock(0);
    const feed = new StoreFeed(store, { engine: log.engine, log: silentLog, clock });
    await log.submit(device, device.envelope(boundary(0)));
    feed.task().wake();
    await feed.task().idle();
    await server.kill();
    await log.submit(device, device.envelope(boundary(1)));
    feed.task().wake();
    await feed.task().idle();
    expect(feed.task().failures()).toBe(1);
    await expect(store.history(history("meter-2"))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await server.restart();
    await log.submit(device, device.envelope(boundary(2)));
    await clock.advanceTo(10_000);
    await feed.task().idle();
    const points = await store.history(history("meter-2"));
    expect(points.map(({ startUnixMs }) => startUnixMs)).toEqual([boundary(0), boundary(1), boundary(2)]);
    await store.close();
  });

  it("does not get stuck on points that the bucket does not keep", async () => {
    const { url, token } = server.options;
    const headers = { authorization: `Token ${token}` };
    const { buckets } = (await (await fetch(`${url}/api/v2/buckets?name=readings`, { headers })).json()) as {
      buckets: { orgID: string }[];
    };
    const short = {
      orgID: buckets[0]?.orgID,
      name: "short",
      retentionRules: [{ type: "expire", everySeconds: 3_600 }],
    };
    const made = await fetch(`${url}/api/v2/buckets`, { method: "POST", headers, body: JSON.stringify(short) });
    expect(made.status).toBe(201);
    const device = new MeteringDevice("meter-3", 3);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(boundary(0)));
    const warnings: string[] = [];
    const store = new InfluxReadingStore(
      { ...server.options, bucket: "short" },
      { disk: log.disk, log: { ...silentLog, warn: (event) => warnings.push(event) } },
    );
    await store.copyFrom(log.engine, 0n);
    expect(warnings).toEqual(["influx_dropped_points"]);
    await store.close();
  });
});

describe("InfluxReadingStore without an InfluxDB", () => {
  it("keeps its cursor now and then, and when it is closed", async () => {
    const disk = new SimulatedDisk(new SeededRandom("influx"));
    const open = () => new InfluxReadingStore({ url: "http://127.0.0.1:9", ...NOWHERE }, { disk, log: silentLog });
    const store = open();
    expect(await store.cursor()).toBe(0n);
    await store.copyFrom(linesUntil(CURSOR_LAG_RECORDS_MAX - 1n), 0n);
    expect(await open().cursor()).toBe(0n);
    await store.copyFrom(linesUntil(CURSOR_LAG_RECORDS_MAX), 1n);
    expect(await open().cursor()).toBe(CURSOR_LAG_RECORDS_MAX);
    await store.copyFrom(linesUntil(CURSOR_LAG_RECORDS_MAX + 1n), 2n);
    await store.close();
    expect(await open().cursor()).toBe(CURSOR_LAG_RECORDS_MAX + 1n);
  });

  it("reads the log once, however often what it read is not taken", async () => {
    const store = new InfluxReadingStore({ url: await unusedUrl(), ...NOWHERE }, modules());
    let reads = 0;
    const log = {
      ...linesUntil(5n),
      async loggedLines() {
        reads += 1;
        return { sizeBytes: 10, readingCount: 1, nextWalSeq: 5n };
      },
    };
    for (let attempt = 0; attempt < 3; attempt++) {
      await expect(store.copyFrom(log, 4n)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    }
    expect(reads).toBe(1);
    await expect(store.copyFrom(log, 0n)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    expect(reads).toBe(2);
  });

  it("says that it is unavailable", async () => {
    const device = new MeteringDevice("meter-1", 1);
    const log = await openEngineLog([device]);
    await log.submit(device, device.envelope(boundary(0)));
    const options = { url: await unusedUrl(), ...NOWHERE };
    const store = new InfluxReadingStore(options, { disk: log.disk, log: silentLog });
    await expect(store.copyFrom(log.engine, 0n)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
    await expect(store.history(history("meter-1"))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  });
});

const NOWHERE = { token: "none", org: "none", bucket: "none" };

const modules = () => ({ disk: new SimulatedDisk(new SeededRandom("influx")), log: silentLog });

/** A log whose records up to there were all rejected. */
function linesUntil(nextWalSeq: bigint): ReadingLog {
  return {
    loggedLines: async () => ({ sizeBytes: 0, readingCount: 0, nextWalSeq }),
    loggedReadings: async () => ({ readings: [], nextWalSeq }),
  };
}

/** Where something listened until just now. */
async function unusedUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
