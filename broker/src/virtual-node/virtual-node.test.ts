import { describe, expect, it } from "vitest";
import { settled } from "../../test/engine-log.ts";
import { boundary, MeteringDevice } from "../../test/metering-device.ts";
import { NodeSimulation } from "../../test/node-simulation.ts";

const DAY_MS = 86_400_000;

type CommittedBatch = { batchNo: number; size: number; rootHex: string; prevRootHex: string };

describe("a virtual node on virtual clock, disk and ledger", () => {
  it("brings readings into windows, evidence and anchors", async () => {
    const simulation = new NodeSimulation("day");
    const node = await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await simulation.enrol(device);
    for (let index = 0; index <= 4; index++) {
      await simulation.clock.advanceTo(boundary(index));
      await node.accept("meter-1", "reading", device.envelope(boundary(index)));
      await node.tick();
    }
    expect(node.windows.sum(boundary(3))).toMatchObject({ importWh: 250n });
    const instants = [boundary(1), boundary(4)];
    expect(await node.evidence.boundaryEvidence("meter-1", instants)).toBeUndefined();
    await simulation.clock.advanceTo(boundary(5) + 30_000);
    await node.tick();
    await settled();
    const evidence = await node.evidence.boundaryEvidence("meter-1", instants);
    expect(evidence?.boundaries).toEqual([
      { envelope: 0, reading: 0 },
      { envelope: 1, reading: 0 },
    ]);
    expect(node.counts()).toMatchObject({
      ingest: { accepted: 5, readingsAccepted: 5, waiting: 0 },
      devices: { enrolled: 1, quarantined: 0 },
      anchor: { openLeaves: 0, anchoredLeaves: 5 },
      logCursor: 5n,
    });
    expect(simulation.outbox.argumentsOf("registry:EnrolDevice")).toMatchObject([
      { deviceId: "meter-1", vnId: "district" },
    ]);
  });

  it.each(["a", "b", "c", "d", "e", "f"])(
    "loses nothing that it acknowledged, over crashes, and stores it once: seed %s",
    async (seed) => {
      const simulation = new NodeSimulation(seed);
      const chance = simulation.random.fork("story");
      await simulation.start();
      const device = new MeteringDevice("meter-1", 1);
      await simulation.enrol(device);
      const count = 60;
      for (let index = 0; index < count; index++) {
        await simulation.clock.advanceTo(boundary(index));
        const envelope = device.envelope(boundary(index));
        const acknowledged = simulation.node.accept("meter-1", "reading", envelope);
        if (chance.chance(200)) {
          // Cut off at some point between arrival and acknowledgement: the device sends it again.
          for (let turn = chance.below(12); turn > 0; turn--) await Promise.resolve();
          void acknowledged.catch(() => undefined);
          await simulation.crash();
          await simulation.node.accept("meter-1", "reading", envelope);
        } else {
          await acknowledged;
        }
        await simulation.node.tick();
      }
      await simulation.clock.advanceTo(boundary(count + 2));
      await simulation.node.tick();
      await settled();
      const { node } = simulation;
      const registers = await node.evidence.registersAt(
        "meter-1",
        Array.from({ length: count }, (_, index) => boundary(index)),
      );
      expect(registers.map((value) => value?.importWh)).toEqual(
        Array.from({ length: count }, (_, index) => 1_250n + 250n * BigInt(index)),
      );
      const windows = node.windows.between(boundary(-1), boundary(count));
      expect(windows.reduce((sum, { importWh }) => sum + importWh, 0n)).toBe(250n * BigInt(count - 1));
      expect(windows.reduce((sum, { readingCount }) => sum + readingCount, 0)).toBe(count);
      const batches = simulation.outbox.argumentsOf("anchors:CommitAnchor") as CommittedBatch[];
      expect(batches.reduce((sum, { size }) => sum + size, 0)).toBe(count);
      expect(batches.map(({ batchNo }) => batchNo)).toEqual(batches.map((_, index) => index));
      expect(batches.slice(1).map(({ prevRootHex }) => prevRootHex)).toEqual(
        batches.slice(0, -1).map(({ rootHex }) => rootHex),
      );
      expect(node.counts().anchor.anchoredLeaves).toBe(count);
      expect(simulation.fatal).toEqual([]);
    },
  );

  it("retires what is old, and proves all that it did not, whatever batch that is in", async () => {
    const simulation = new NodeSimulation("retention", 30);
    const device = new MeteringDevice("meter-1", 1);
    const send = async (index: number) => {
      await simulation.clock.advanceTo(boundary(index));
      await simulation.node.accept("meter-1", "reading", device.envelope(boundary(index)));
    };
    await simulation.start();
    await simulation.enrol(device);
    for (let index = 0; index < 20; index++) await send(index);
    const later = 100 * 96;
    await send(later);
    await simulation.node.tick();
    // The views' checkpoints come with the end: until then the views may need the log from its beginning.
    simulation.node.holdEvidence(() => Number.POSITIVE_INFINITY);
    await send(later + 1);
    await simulation.node.tick();
    await settled();
    expect(await simulation.archive.list("archive")).toEqual([]);
    await simulation.node.close();
    await simulation.start();
    // Something of the 13th reading may still have to be proven, and it is in the batch of eight from the 8th on.
    simulation.node.holdEvidence(() => boundary(12) + DAY_MS);
    await send(later + 2);
    await simulation.node.tick();
    await settled();
    expect(await simulation.archive.list("archive")).toHaveLength(8);
    expect(simulation.node.counts().retention).toMatchObject({ retiredSegments: 8, fate: "archived" });
    const { evidence } = simulation.node;
    const kept = Array.from({ length: 12 }, (_, index) => boundary(8 + index));
    expect((await evidence.boundaryEvidence("meter-1", kept))?.envelopes).toHaveLength(12);
    await expect(evidence.boundaryEvidence("meter-1", [boundary(7)])).rejects.toThrow("retired");
    expect(await evidence.registersAt("meter-1", [boundary(0)])).toMatchObject([{ importWh: 1_250n }]);
    await simulation.crash();
    expect(await simulation.node.evidence.boundaryEvidence("meter-1", kept)).toBeDefined();
    expect(simulation.fatal).toEqual([]);
  });

  it("writes the same bytes for the same seed", async () => {
    const play = async () => {
      const simulation = new NodeSimulation("same");
      const node = await simulation.start();
      const devices = [new MeteringDevice("meter-1", 1), new MeteringDevice("meter-2", 2)];
      for (const device of devices) await simulation.enrol(device);
      for (let index = 0; index < 20; index++) {
        await simulation.clock.advanceTo(boundary(index));
        await Promise.all(
          devices.map((device) => node.accept(device.deviceId, "reading", device.envelope(boundary(index)))),
        );
        await node.tick();
      }
      await settled();
      return { acts: simulation.outbox.acts, devices: node.devices() };
    };
    expect(await play()).toEqual(await play());
  });
});

describe("a virtual node's readiness", () => {
  it("says why it takes nothing, and acknowledges when the disk has room again", async () => {
    const simulation = new NodeSimulation("full");
    const node = await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await simulation.enrol(device);
    expect(node.faults()).toEqual([]);
    simulation.disk.setFault("ENOSPC");
    let isAcknowledged = false;
    const accepted = node.accept("meter-1", "reading", device.envelope(boundary(0))).then(() => {
      isAcknowledged = true;
    });
    await settled();
    expect(node.faults()).toEqual(["disk_full"]);
    expect(node.canAcceptWork()).toBe(false);
    await simulation.clock.advanceTo(boundary(0) + 10_000);
    expect(isAcknowledged).toBe(false);
    simulation.disk.setFault(undefined);
    await simulation.clock.advanceTo(boundary(0) + 12_000);
    await accepted;
    expect(node.faults()).toEqual([]);
    expect(simulation.fatal).toEqual([]);
  });

  it("acknowledges nothing after a failed sync, and says that the process must end", async () => {
    const simulation = new NodeSimulation("broken");
    const node = await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await simulation.enrol(device);
    simulation.disk.setFault("EIO");
    await expect(node.accept("meter-1", "reading", device.envelope(boundary(0)))).rejects.toMatchObject({
      code: "WAL_IO",
    });
    simulation.disk.setFault(undefined);
    await expect(node.accept("meter-1", "reading", device.envelope(boundary(1)))).rejects.toThrow();
    expect(node.faults()).toEqual(["log_failed"]);
    expect(node.canAcceptWork()).toBe(false);
    expect(simulation.fatal).toMatchObject([{ code: "WAL_IO" }]);
  });

  it("takes nothing once it is closed, and has written its checkpoints", async () => {
    const simulation = new NodeSimulation("closed");
    const node = await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await simulation.enrol(device);
    await node.accept("meter-1", "reading", device.envelope(boundary(-1), boundary(0)));
    await node.close();
    expect(node.faults()).toEqual(["closed"]);
    await expect(node.accept("meter-1", "reading", device.envelope(boundary(2)))).rejects.toMatchObject({
      code: "INGEST_CLOSED",
    });
    const evidence = ["cursor.json", "day-2016-01-27.bin", "day-2016-01-28.bin"];
    expect(await simulation.disk.list("evidence")).toEqual(evidence);
    expect(await simulation.disk.list("window")).toEqual(["checkpoint.json", "latest-readings.json"]);
  });
});

describe("a virtual node's devices", () => {
  it("are revoked here at once, on the ledger soon, and for good", async () => {
    const simulation = new NodeSimulation("revoked");
    await simulation.start();
    const device = new MeteringDevice("meter-1", 1);
    await simulation.enrol(device);
    await settled();
    expect(simulation.node.deviceKey("meter-1")).toEqual(Buffer.from(device.key.publicKey));
    await simulation.node.revoke("meter-1", "stolen");
    await settled();
    expect(simulation.outbox.argumentsOf("registry:RevokeDevice")).toEqual([{ deviceId: "meter-1", reason: "stolen" }]);
    for (const restart of [false, true]) {
      if (restart) await simulation.crash();
      const { node } = simulation;
      expect(node.deviceKey("meter-1")).toBeUndefined();
      await node.accept("meter-1", "reading", device.envelope(boundary(0)));
      expect(node.counts().ingest.rejected).toEqual({ unknown_device: 1 });
      expect(await node.enrol(device.enrolmentRequest("any"))).toEqual({ isEnrolled: false, reason: "revoked" });
    }
  });

  it("hand what is no reading to every handler of its channel", async () => {
    const simulation = new NodeSimulation("signature");
    const node = await simulation.start();
    const received: string[] = [];
    node.onMessage("signature", (deviceId, bytes) => received.push(`first ${deviceId} ${bytes.length}`));
    node.onMessage("signature", (deviceId) => received.push(`second ${deviceId}`));
    node.onMessage("flexibility", (deviceId, bytes) => received.push(`learned ${deviceId} ${bytes.length}`));
    await node.accept("meter-1", "signature", new Uint8Array(3));
    await node.accept("meter-1", "flexibility", new Uint8Array(5));
    expect(received).toEqual(["first meter-1 3", "second meter-1", "learned meter-1 5"]);
    expect(node.counts().messages).toEqual({ signature: 1, flexibility: 1, balance: 0 });
    await expect(node.accept("meter-1", "setpoint", new Uint8Array())).rejects.toThrow(/four channels/);
  });
});
