import { VirtualClock } from "@gridpact/host";
import type { Channel } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { DELAY_MS, ScriptedNetwork, watch } from "../../test/scripted-network.ts";
import { Incarnation, never } from "./incarnation.ts";
import type { Fate } from "./network.ts";
import { SimulatedUplink, type UplinkPeer } from "./simulated-uplink.ts";

const RECONNECT_MS = 2_000;

const lost = { state: "rejected", outcome: { code: "UPLINK_LOST" } };

/** A device's uplink to a virtual node that notes what it accepts. */
function setUp(...script: Partial<Fate>[]) {
  const clock = new VirtualClock(0);
  const device = new Incarnation();
  const log: string[] = [];
  const note = (what: string) => (_: Channel, bytes: Uint8Array) => log.push(`${what} ${Buffer.from(bytes)}`);
  const peerOf = (accept: UplinkPeer["accept"]): UplinkPeer => ({
    deviceId: "d-1",
    incarnation: new Incarnation(),
    accept,
  });
  const accepting = async (channel: Channel, bytes: Uint8Array) => void note("accepted")(channel, bytes);
  const world: { peer: UplinkPeer | undefined } = { peer: peerOf(accepting) };
  const network = new ScriptedNetwork(clock, ...script);
  const uplink = new SimulatedUplink({
    clock: device.clock(clock),
    network,
    device,
    reach: () => world.peer,
    onSent: note("sent"),
    onAcked: note("acked"),
  });
  uplink.onConnected(() => log.push("connected"));
  const publish = (text: string) => watch(uplink.publish("reading", Buffer.from(text)));
  const pass = (ms: number) => clock.advanceTo(clock.nowUnixMs() + ms);
  return { clock, device, uplink, world, log, publish, pass, peerOf, accepting };
}

describe("an uplink", () => {
  it("connects as soon as somebody listens, and says so", async () => {
    const { uplink, world, log, pass } = setUp();
    const { peer } = world;
    world.peer = undefined;
    await uplink.connect();
    await pass(RECONNECT_MS - 1);
    expect([uplink.isConnected(), log]).toEqual([false, []]);
    world.peer = peer;
    await pass(1);
    expect([uplink.isConnected(), log]).toEqual([true, ["connected"]]);
  });

  it("publishes nothing without a connection, and counts nothing as sent", async () => {
    const { publish, log, pass } = setUp();
    const published = publish("a");
    await pass(0);
    expect(published).toMatchObject({ state: "rejected", outcome: { code: "UPLINK_NOT_CONNECTED" } });
    expect(log).toEqual([]);
  });

  it("fails what is under way when it is closed", async () => {
    const { uplink, world, pass, publish, peerOf } = setUp();
    world.peer = peerOf(() => never());
    await uplink.connect();
    const published = publish("a");
    await pass(DELAY_MS);
    await uplink.close();
    await pass(0);
    expect(published).toMatchObject(lost);
  });

  it("does not connect again once it is closed", async () => {
    const { uplink, pass } = setUp();
    await uplink.connect();
    await uplink.close();
    await pass(10 * RECONNECT_MS);
    expect(uplink.isConnected()).toBe(false);
  });

  it("does not connect again once its device is dead", async () => {
    const { uplink, device, world, pass } = setUp();
    await uplink.connect();
    device.kill();
    world.peer?.incarnation.kill();
    await pass(10 * RECONNECT_MS);
    expect(uplink.isConnected()).toBe(false);
  });
});

describe("a publish", () => {
  it("is done when the acknowledgement is back, after it was accepted", async () => {
    const { uplink, publish, log, pass } = setUp();
    await uplink.connect();
    const published = publish("a");
    await pass(2 * DELAY_MS - 1);
    expect([published.state, log]).toEqual(["open", ["connected", "sent a", "accepted a"]]);
    await pass(1);
    expect([published.state, log.at(-1)]).toEqual(["resolved", "acked a"]);
  });

  it("keeps its order when messages take equally long", async () => {
    const { uplink, publish, log, pass } = setUp();
    await uplink.connect();
    for (const text of ["a", "b", "c"]) publish(text);
    await pass(2 * DELAY_MS);
    expect(log.filter((line) => line.startsWith("accepted"))).toEqual(["accepted a", "accepted b", "accepted c"]);
  });

  it("that is doubled is accepted twice and acknowledged once", async () => {
    const { uplink, publish, log, pass } = setUp({ isDuplicated: true });
    await uplink.connect();
    publish("a");
    await pass(2 * DELAY_MS);
    expect(log).toEqual(["connected", "sent a", "accepted a", "accepted a", "acked a"]);
  });

  it("that is lost ends the connection, which comes back", async () => {
    const { uplink, publish, log, pass } = setUp({ isDropped: true });
    await uplink.connect();
    const published = publish("a");
    await pass(DELAY_MS);
    expect(published).toMatchObject(lost);
    expect([uplink.isConnected(), log]).toEqual([false, ["connected", "sent a"]]);
    await pass(RECONNECT_MS);
    expect([uplink.isConnected(), log.at(-1)]).toEqual([true, "connected"]);
  });

  it("whose acknowledgement is lost fails though it was accepted", async () => {
    const { uplink, publish, log, pass } = setUp({}, { isDropped: true });
    await uplink.connect();
    const published = publish("a");
    await pass(2 * DELAY_MS);
    expect(published).toMatchObject(lost);
    expect([uplink.isConnected(), log]).toEqual([false, ["connected", "sent a", "accepted a"]]);
  });

  it("takes all others on the same connection with it when it is lost", async () => {
    const { uplink, publish, pass } = setUp({ delayMs: 3 * DELAY_MS }, { isDropped: true });
    await uplink.connect();
    const published = [publish("a"), publish("b")];
    await pass(3 * DELAY_MS);
    expect(published).toMatchObject([lost, lost]);
  });
});

describe("the death of the virtual node", () => {
  it("ends the connection at once, and another life takes it up", async () => {
    const { uplink, world, log, pass, peerOf, accepting, publish } = setUp();
    await uplink.connect();
    world.peer?.incarnation.kill();
    expect(uplink.isConnected()).toBe(false);
    world.peer = peerOf(accepting);
    await pass(RECONNECT_MS);
    publish("a");
    await pass(2 * DELAY_MS);
    expect(log).toEqual(["connected", "connected", "sent a", "accepted a", "acked a"]);
  });

  it.each([
    ["before it got the message", 0, {}],
    ["while it writes the message down", DELAY_MS, {}],
    ["while it writes the first of two copies down", DELAY_MS, { isDuplicated: true }],
  ])("%s fails the publish", async (_, afterMs, fate) => {
    const { uplink, world, publish, pass, peerOf } = setUp(fate);
    world.peer = peerOf(() => never());
    await uplink.connect();
    const published = publish("a");
    await pass(afterMs);
    expect(published.state).toBe("open");
    world.peer.incarnation.kill();
    await pass(DELAY_MS);
    expect(published).toMatchObject(lost);
  });

  it("after it wrote the message down fails the publish: the acknowledgement died with the connection", async () => {
    const { uplink, world, publish, log, pass } = setUp();
    await uplink.connect();
    const published = publish("a");
    await pass(DELAY_MS);
    world.peer?.incarnation.kill();
    await pass(DELAY_MS);
    expect(published).toMatchObject(lost);
    expect(log).toEqual(["connected", "sent a", "accepted a"]);
  });
});

describe("a virtual node that cannot write the message down", () => {
  it.each([
    ["a message", {}],
    ["the first of two copies", { isDuplicated: true }],
  ])("fails the publish of %s with its connection, and does not leave it open for ever", async (_, fate) => {
    const { uplink, world, publish, pass, peerOf } = setUp(fate);
    world.peer = peerOf(() => Promise.reject(new Error("disk full")));
    await uplink.connect();
    const published = publish("a");
    await pass(DELAY_MS);
    expect(published).toMatchObject(lost);
    expect(uplink.isConnected()).toBe(false);
  });
});

describe("a message from the virtual node", () => {
  async function connected(...script: Partial<Fate>[]) {
    const bench = setUp(...script);
    const received: string[] = [];
    bench.uplink.onMessage("setpoint", async (bytes) => void received.push(Buffer.from(bytes).toString()));
    await bench.uplink.connect();
    return { ...bench, received };
  }

  it("reaches the handler of its channel after a while; others are not taken", async () => {
    const { uplink, received, pass } = await connected();
    uplink.deliver("setpoint", Buffer.from("limit"));
    uplink.deliver("sign-request", Buffer.from("sign"));
    await pass(DELAY_MS - 1);
    expect(received).toEqual([]);
    await pass(1);
    expect(received).toEqual(["limit"]);
  });

  it("may come twice, or not at all", async () => {
    const { uplink, received, pass } = await connected({ isDuplicated: true }, { isDropped: true });
    uplink.deliver("setpoint", Buffer.from("twice"));
    uplink.deliver("setpoint", Buffer.from("never"));
    await pass(DELAY_MS);
    expect(received).toEqual(["twice", "twice"]);
  });

  it("is lost without a connection, or when it ends on the way", async () => {
    const { uplink, world, received, pass } = await connected();
    uplink.deliver("setpoint", Buffer.from("on the way"));
    world.peer?.incarnation.kill();
    uplink.deliver("setpoint", Buffer.from("too late"));
    await pass(DELAY_MS);
    expect(received).toEqual([]);
  });

  it("that the handler cannot take leaves the connection as it is", async () => {
    const { uplink, pass } = await connected();
    uplink.onMessage("setpoint", () => Promise.reject(new Error("no disk")));
    uplink.deliver("setpoint", Buffer.from("limit"));
    await pass(DELAY_MS);
    expect(uplink.isConnected()).toBe(true);
  });
});
