import { VirtualClock } from "@gridpact/host";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { temporaryData } from "../../test/temporary-data.ts";
import { writeEndedFleet } from "../parts/ended-fleet.ts";
import { type FleetStatus, serveFleetStatus } from "../parts/fleet-status.ts";
import { readRunFile, writeRunFile } from "../process/run-file.ts";
import { System } from "./system.ts";

const READY_MS_MAX = 180_000;

const ENDED: FleetStatus = {
  devices: 3,
  running: 3,
  failed: [],
  readingsSent: 30,
  readingsAcked: 29,
  envelopesWaiting: 1,
  readingsUnsigned: 0,
};

/** As one that was stopped in good order leaves it; the next run has nothing to do with it. */
function writeEndedFleetOfAnEarlierRun(): void {
  writeRunFile(data(), "feids", { status: 1 }, "127.0.0.1");
  writeEndedFleet(data(), ENDED);
}

const data = temporaryData({ beforeEach, afterEach });

function systemBy(wall = new VirtualClock(0)): System {
  return new System({ data: data(), operatorPort: 0, profile: "2.0b", wall });
}

describe("the parts of a demonstration", () => {
  it("that ran earlier are forgotten, as their ports may be others' by now", () => {
    writeRunFile(data(), "ledger", { gateway: 7_051 }, "127.0.0.1");
    systemBy();
    expect(readRunFile(data(), "ledger")).toBeUndefined();
  });

  it("are found by what they announced", async () => {
    const system = systemBy();
    writeRunFile(data(), "aggregator", { vnApi: 1, operator: 2 }, "127.0.0.1");
    expect(await system.portOf("aggregator", "operator")).toBe(2);
  });

  it("say where the fleet stands", async () => {
    const system = systemBy();
    const status = {
      devices: 1,
      running: 1,
      failed: [],
      readingsSent: 5,
      readingsAcked: 5,
      envelopesWaiting: 0,
      readingsUnsigned: 0,
    };
    const served = await serveFleetStatus({ host: "127.0.0.1", port: 0 }, () => status);
    writeRunFile(data(), "feids", { status: served.port }, "127.0.0.1");
    expect(await system.fleetStatus()).toEqual(status);
    await served.close();
  });

  it("say so when the fleet is gone, and where to look", async () => {
    const served = await serveFleetStatus({ host: "127.0.0.1", port: 0 }, () => ENDED);
    const system = systemBy();
    writeRunFile(data(), "feids", { status: served.port }, "127.0.0.1");
    await served.close();
    const message = expect.stringContaining("feids.log");
    await expect(system.fleetStatus()).rejects.toMatchObject({ code: "PROCESS_ENDED", message });
  });

  it("tell once what the devices had counted when they had ended, and nothing when they could not", async () => {
    writeEndedFleetOfAnEarlierRun();
    const system = systemBy();
    expect(await system.stopFeids()).toBeUndefined();
    writeRunFile(data(), "feids", { status: 1 }, "127.0.0.1");
    writeEndedFleet(data(), ENDED);
    expect(await system.stopFeids()).toEqual(ENDED);
    expect(await system.stopFeids()).toBeUndefined();
  });

  it("can be ended when none was started", async () => {
    const system = systemBy();
    await system.stopFeids();
    await system.stop();
    expect(readRunFile(data(), "feids")).toBeUndefined();
  });
});

describe("waiting for something", () => {
  it("ends with the first answer, also when that is false or 0", async () => {
    expect(await systemBy().until("a count", async () => 0)).toBe(0);
    expect(await systemBy().until("a claim", async () => false)).toBe(false);
  });

  it("asks again until there is an answer", async () => {
    const wall = new VirtualClock(0);
    let asked = 0;
    const waiting = systemBy(wall).until("the third time", async () => (++asked === 3 ? "yes" : undefined));
    await wall.advanceTo(200);
    expect(await waiting).toBe("yes");
  });

  it("ends in a message about what is late, no sooner than after its bound", async () => {
    const wall = new VirtualClock(0);
    let lastAskedMs = 0;
    const never = systemBy(wall).until("the morning", async () => {
      lastAskedMs = wall.nowUnixMs();
      return undefined;
    });
    const late = expect(never).rejects.toMatchObject({ code: "STORY_LATE", message: /^the morning did not/ });
    await wall.advanceTo(2 * READY_MS_MAX);
    await late;
    expect(lastAskedMs).toBe(READY_MS_MAX + 100);
  });

  it("ends with the fault of the question", async () => {
    const failing = systemBy().until("an answer", () => Promise.reject(new Error("no connection")));
    await expect(failing).rejects.toThrow("no connection");
  });
});
