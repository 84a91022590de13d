import { SeededRandom, SimulatedDisk, signingKeyFromSeed, silentLog, VirtualClock } from "@gridpact/host";
import { decode } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { makeAuthority } from "../../test/certificates.ts";
import { FakeUplink, FakeVirtualNode } from "../../test/fake-virtual-node.ts";
import { describeResource } from "../control/index.ts";
import { loadFleet, replaySite } from "../fleet/index.ts";
import { parseFeidHostConfig } from "./config.ts";
import { type FeidHostModules, runFeidHost } from "./feid-host.ts";

const START = Date.UTC(2016, 0, 28, 12);
const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const fleet = loadFleet().slice(0, 20);

function setUp() {
  const random = new SeededRandom("host");
  const authority = makeAuthority(signingKeyFromSeed(random.bytes(32)));
  const clock = new VirtualClock(START);
  const networkClock = new VirtualClock(0);
  const disks = new Map<string, SimulatedDisk>();
  const nodes = new Map<string, FakeVirtualNode>();
  const state = { isReachable: true, refused: "" };
  const modules: FeidHostModules = {
    clock,
    networkClock,
    random: random.fork("keys"),
    log: silentLog,
    diskOf: (deviceId) => {
      const disk = disks.get(deviceId) ?? new SimulatedDisk(random.fork(deviceId));
      disks.set(deviceId, disk);
      return disk;
    },
    siteOf: (deviceId) => {
      const found = fleet.find((feid) => feid.deviceId === deviceId);
      if (found === undefined) throw new RangeError(deviceId);
      const start = { startUnixMs: START - DAY_MS, importWh: 0n, exportWh: 0n };
      return { openSite: replaySite(found, start), resources: found.resources.map(describeResource) };
    },
    post: async (_url, body) => {
      if (!state.isReachable) throw new Error("ECONNREFUSED");
      const { deviceId, publicKey } = decode("EnrolmentRequest", body);
      if (deviceId === state.refused) return { status: 403, body: JSON.stringify({ code: "token_unknown" }) };
      nodes.set(deviceId, new FakeVirtualNode(publicKey));
      const certificatePem = authority.issue(deviceId, publicKey);
      return {
        status: 200,
        body: JSON.stringify({ certificatePem, caPem: authority.certificate.pem, mqttPort: 8_883 }),
      };
    },
    uplinkOf: ({ deviceId }) => {
      const node = nodes.get(deviceId);
      if (node === undefined) throw new RangeError(`${deviceId} connects before it is enrolled`);
      return new FakeUplink({ clock, random: random.fork(`uplink-${deviceId}`), node });
    },
  };
  const config = parseFeidHostConfig({
    enrolmentUrl: "https://vn.example/enrol",
    caPem: authority.certificate.pem,
    mqttHost: "vn.example",
    readingPeriodMs: 5 * MINUTE_MS,
    mtuMs: 15 * MINUTE_MS,
    historyFromUnixMs: START - DAY_MS,
    devices: fleet.map(({ deviceId }) => ({ deviceId, token: `token-${deviceId}` })),
  });
  const states = (host: ReturnType<typeof runFeidHost>) => new Set(host.devices().map(({ state: now }) => now));
  return { clock, networkClock, nodes, modules, config, state, states };
}

describe("runFeidHost", () => {
  it("enrols, back-fills, runs and stops every device; a second start goes on where they were", async () => {
    const { clock, nodes, modules, config, states } = setUp();
    const first = runFeidHost(config, modules);
    await first.ready;
    expect(states(first)).toEqual(new Set(["running"]));
    await clock.advanceTo(START + 60 * MINUTE_MS + 1_000);
    await first.stop();
    const second = runFeidHost(config, modules);
    await second.ready;
    await clock.advanceTo(START + 120 * MINUTE_MS + 1_000);
    await second.stop();
    const live = Array.from({ length: 25 }, (_, index) => START + index * 5 * MINUTE_MS);
    const history = Array.from({ length: 96 }, (_, index) => START - DAY_MS + index * 15 * MINUTE_MS);
    for (const node of nodes.values()) expect(node.measuredAt()).toEqual([...history, ...live]);
    expect(nodes.size).toBe(20);
  });

  it("waits for a virtual node that is not there yet", async () => {
    const { networkClock, modules, config, state, states } = setUp();
    state.isReachable = false;
    const host = runFeidHost(config, modules);
    await networkClock.advanceTo(10 * MINUTE_MS);
    expect(states(host)).toEqual(new Set(["starting"]));
    state.isReachable = true;
    await networkClock.advanceTo(12 * MINUTE_MS);
    await host.ready;
    expect(states(host)).toEqual(new Set(["running"]));
    await host.stop();
  });

  it("can be stopped while it waits", async () => {
    const { networkClock, modules, config, state, states } = setUp();
    state.isReachable = false;
    const host = runFeidHost(config, modules);
    await networkClock.advanceTo(MINUTE_MS);
    const stopped = host.stop();
    await networkClock.advanceTo(2 * MINUTE_MS);
    await stopped;
    expect(states(host)).toEqual(new Set(["starting"]));
  });

  it("runs all others when one is refused, and says why", async () => {
    const { clock, modules, config, state } = setUp();
    state.refused = fleet[3]?.deviceId ?? "";
    const host = runFeidHost(config, modules);
    await host.ready;
    await clock.advanceTo(START + MINUTE_MS);
    const failed = host.devices().filter((device) => device.state === "failed");
    expect(failed).toEqual([
      { deviceId: state.refused, state: "failed", reason: expect.stringContaining("token_unknown") },
    ]);
    expect(host.devices().filter((device) => device.state === "running")).toHaveLength(19);
    await host.stop();
  });

  it("shows a device whose disk fails as failed, and goes on with the others", async () => {
    const { clock, modules, config } = setUp();
    const broken = modules.diskOf(fleet[0]?.deviceId ?? "") as SimulatedDisk;
    const host = runFeidHost(config, modules);
    await host.ready;
    broken.setFault("EIO");
    await clock.advanceTo(START + 30 * MINUTE_MS);
    expect(host.devices().filter((device) => device.state === "failed")).toMatchObject([
      { deviceId: fleet[0]?.deviceId },
    ]);
    await host.stop();
  });
});
