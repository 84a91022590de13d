import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { deviceTopic } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { boundary, MeteringDevice } from "./metering-device.ts";
import { TestNode } from "./running-node.ts";

const TOPIC = deviceTopic("meter-1", "reading");

describe("health of a virtual node", () => {
  it("tells the truth about readiness, also when the disk is full", async () => {
    const disk = new SimulatedDisk(new SeededRandom("health"));
    const node = await TestNode.start({ disk });
    const device = new MeteringDevice("meter-1", 1);
    const client = await node.connect(device);
    expect(await node.getHealth("/health")).toEqual({ status: 200, text: '{"isUp":true}' });
    expect(await node.getHealth("/ready")).toEqual({ status: 200, text: '{"isReady":true,"faults":[]}' });
    disk.setFault("ENOSPC");
    const published = client.publishAsync(TOPIC, Buffer.from(device.envelope(boundary(0))), { qos: 1 });
    await expect.poll(async () => (await node.getHealth("/ready")).status).toBe(503);
    expect((await node.getHealth("/ready")).text).toBe('{"isReady":false,"faults":["disk_full"]}');
    expect((await node.getHealth("/health")).status).toBe(200);
    expect(await node.metric("gridpact_node_ready")).toBe(0);
    disk.setFault(undefined);
    await published;
    expect((await node.getHealth("/ready")).status).toBe(200);
    expect(await node.metric("gridpact_ingest_accepted_envelopes_total")).toBe(1);
    await client.endAsync();
    await node.stop();
  });

  it("leaves nothing open when it cannot start", async () => {
    const first = await TestNode.start();
    const disk = new SimulatedDisk(new SeededRandom("second"));
    const taken = { mqttPort: first.running.ports.mqtt };
    await expect(TestNode.start({ disk, config: taken })).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect((await first.getHealth("/ready")).status).toBe(200);
    await first.stop();
  });

  it("ticks the agent, and goes on when one of its ticks fails", async () => {
    const ticks: string[] = [];
    const agent = async ({ node }: { node: { devices(): unknown[] } }) => ({
      tick: async () => {
        ticks.push(`${node.devices().length} devices`);
        if (ticks.length === 1) throw new Error("the first tick fails");
      },
    });
    const node = await TestNode.start({ agent });
    await expect.poll(() => ticks.length).toBeGreaterThan(2);
    expect(ticks[0]).toBe("0 devices");
    await node.stop();
  });

  it("tells what its log has come to, and does not start when it would delete what is to be archived", async () => {
    const deleted = { kind: "delete-without-archive", keepDays: 65 } as const;
    const node = await TestNode.start({ config: { retention: deleted } });
    const device = new MeteringDevice("meter-1", 1);
    const client = await node.connect(device);
    await client.publishAsync(TOPIC, Buffer.from(device.envelope(boundary(0))), { qos: 1 });
    expect(await node.metric("gridpact_engine_log_segments")).toBe(1);
    expect(await node.metric("gridpact_engine_log_bytes")).toBeGreaterThan(100);
    const { text } = await node.getHealth("/metrics");
    expect(text).toMatch(/^gridpact_retention_retired_segments_total\{.*fate="deleted".*\} 0$/m);
    await client.endAsync();
    await node.stop();
    const archived = { kind: "archive", keepDays: 65, archivePath: "/" } as const;
    await expect(TestNode.start({ config: { retention: archived } })).rejects.toThrow("archive");
  });

  it("has metrics by the rule for their names, each with a help text", async () => {
    const node = await TestNode.start();
    const device = new MeteringDevice("meter-1", 1);
    const client = await node.connect(device);
    const envelope = device.envelope(boundary(0), boundary(1));
    await client.publishAsync(TOPIC, Buffer.from(envelope), { qos: 1 });
    const { text } = await node.getHealth("/metrics");
    const types = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = "", type = ""]) => ({ name, type }));
    expect(types.length).toBeGreaterThan(20);
    for (const { name, type } of types) {
      expect(name).toMatch(
        /^gridpact_(node|session|ingest|engine|enrolment|anchor|store|window|background|retention)_[a-z_]+$/,
      );
      expect(name.endsWith("_total")).toBe(type === "counter");
    }
    expect(await node.metric("gridpact_session_connected_devices")).toBe(1);
    expect(await node.metric("gridpact_node_resident_bytes")).toBeGreaterThan(10 * 1_024 * 1_024);
    expect(await node.metric("gridpact_node_cpu_seconds_total")).toBeGreaterThan(0.01);
    expect(await node.metric("gridpact_window_import_wh", { name: "feeder", value: "feeder-1" })).toBe(250);
    expect(await node.metric("gridpact_session_puback_seconds_count")).toBe(1);
    await client.endAsync();
    await node.stop();
  });
});
