import { SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { decode, encode, SIGN_STAGE } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { FakeUplink, FakeVirtualNode } from "../../test/fake-virtual-node.ts";
import { MoveParties } from "../../test/move-offers.ts";
import { describeResource } from "../control/index.ts";
import { loadFleet, replaySite } from "../fleet/index.ts";
import { type FeidHostModules, runFeidHost } from "./feid-host.ts";

const START = Date.UTC(2016, 0, 28, 12);
const MINUTE_MS = 60_000;
const DEADLINE = START + 60 * MINUTE_MS;
const [description] = loadFleet();
if (description === undefined) throw new RangeError("the fleet is empty");
const { deviceId } = description;

type Answer = "enrolled" | "release_pending" | "token_unknown" | "gone";

/** One device between two nodes; `answer` is what the second one says. */
function setUp() {
  const random = new SeededRandom("mover");
  const parties = new MoveParties(random);
  const clock = new VirtualClock(START);
  const networkClock = new VirtualClock(0);
  const disk = new SimulatedDisk(random.fork("disk"));
  const state = { answer: "release_pending" as Answer, publicKey: new Uint8Array(32) as Uint8Array, asked: 0 };
  const nodes = new Map<string, FakeVirtualNode>();
  let uplink: FakeUplink | undefined;
  const enrolled = (publicKey: Uint8Array) => {
    const certificatePem = parties.authority.issue(deviceId, publicKey);
    const body = JSON.stringify({ certificatePem, caPem: parties.authority.certificate.pem, mqttPort: 8_883 });
    return { status: 200, body };
  };
  const modules: FeidHostModules = {
    clock,
    networkClock,
    random: random.fork("host"),
    log: silentLog,
    diskOf: () => disk,
    siteOf: () => ({
      openSite: replaySite(description as never, { startUnixMs: START - MINUTE_MS, importWh: 0n, exportWh: 0n }),
      resources: description?.resources.map(describeResource) ?? [],
    }),
    post: async (url, body) => {
      const { publicKey, token } = decode("EnrolmentRequest", body);
      state.publicKey = publicKey;
      if (url.includes("district")) return enrolled(publicKey);
      state.asked += 1;
      if (state.answer === "gone") throw new Error("ECONNREFUSED");
      if (state.answer === "enrolled" && token === "token-1") return enrolled(publicKey);
      return { status: state.answer === "release_pending" ? 503 : 403, body: JSON.stringify({ code: state.answer }) };
    },
    uplinkOf: ({ host }) => {
      const node = nodes.get(host) ?? new FakeVirtualNode(state.publicKey);
      // The new node knows nothing of the chain before: it begins with what comes.
      nodes.set(host, host.startsWith("offices") ? Object.assign(node, { receive: noteTo(host) }) : node);
      uplink = new FakeUplink({ clock, random: random.fork("uplink"), node });
      return uplink;
    },
  };
  const received: Record<string, number[]> = {};
  const noteTo = (host: string) => (bytes: Uint8Array) => {
    const { readings } = decode("EnvelopePayload", decode("SignedEnvelope", bytes).payload);
    const times = readings.map(({ measuredAtUnixMs }) => (Number(measuredAtUnixMs) - START) / MINUTE_MS);
    received[host] = [...(received[host] ?? []), ...times];
  };
  const run = (acceptsMoves = true) =>
    runFeidHost(
      {
        enrolmentUrl: "https://district.example/enrol",
        caPem: parties.authority.certificate.pem,
        mqttHost: "district.example",
        readingPeriodMs: 5 * MINUTE_MS,
        mtuMs: 15 * MINUTE_MS,
        acceptsMoves,
        devices: [{ deviceId, token: "t" }],
      },
      modules,
    );
  const advance = async (minutes: number) => {
    for (let minute = 0; minute < minutes; minute++) {
      await networkClock.advanceTo(networkClock.nowUnixMs() + MINUTE_MS);
      await clock.advanceTo(clock.nowUnixMs() + MINUTE_MS);
    }
  };
  const offer = async () => {
    const message = parties.offer({ deviceId, publicKey: state.publicKey, deadlineUnixMs: DEADLINE });
    const request = { requestId: "r", stage: SIGN_STAGE.RELEASE, message };
    await uplink?.deliver("sign-request", encode("SignRequest", request));
  };
  const atDistrict = () => (nodes.get("district.example")?.measuredAt() ?? []).map((at) => (at - START) / MINUTE_MS);
  return { state, disk, run, advance, offer, atDistrict, atOffices: () => received["offices.example"] ?? [] };
}

describe("moving a device", () => {
  it("goes on at the other node with all that it had not sent, and stays there over a restart", async () => {
    const { state, run, advance, offer, atDistrict, atOffices } = setUp();
    let host = run();
    await host.ready;
    await advance(6);
    await offer();
    await advance(11);
    state.answer = "enrolled";
    await advance(5);
    expect(host.devices()).toMatchObject([{ state: "running" }]);
    await host.stop();
    const asked = state.asked;
    host = run();
    await host.ready;
    await advance(10);
    expect([atDistrict(), atOffices()]).toEqual([
      [0, 5],
      [10, 15, 20, 25, 30],
    ]);
    expect(state.asked).toBe(asked);
    await host.stop();
  });

  it("asks again after a restart, and when the other node cannot be reached", async () => {
    const { state, disk, run, advance, offer, atOffices } = setUp();
    state.answer = "gone";
    const first = run();
    await first.ready;
    await advance(6);
    await offer();
    await advance(5);
    const stopped = first.stop();
    await advance(1);
    await stopped;
    disk.crash();
    state.answer = "enrolled";
    const second = run();
    await second.ready;
    await advance(3);
    expect(atOffices()).toEqual([10]);
    await second.stop();
  });

  it("stays when the other node will not have it, and tells nobody that it would go unless it may", async () => {
    const { state, run, advance, offer, atDistrict } = setUp();
    state.answer = "token_unknown";
    const host = run();
    await host.ready;
    await advance(6);
    await offer();
    await advance(5);
    expect(atDistrict()).toEqual([0, 5, 10]);
    await host.stop();
    const other = setUp();
    const refusing = other.run(false);
    await refusing.ready;
    await other.advance(6);
    await other.offer();
    await other.advance(5);
    expect([other.state.asked, other.atDistrict()]).toEqual([0, [0, 5, 10]]);
    await refusing.stop();
  });
});
