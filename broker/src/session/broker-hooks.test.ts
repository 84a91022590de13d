import { duplexPair } from "node:stream";
import { silentLog, VirtualClock } from "@gridpact/host";
import { deviceTopic } from "@gridpact/proto";
import { Aedes, type Client } from "aedes";
import { describe, expect, it } from "vitest";
import { StreamConnection } from "../listener/index.ts";
import { type BrokerHooks, brokerOptions, watchBroker } from "./broker-hooks.ts";
import { DeviceSessions } from "./device-sessions.ts";
import { PacketGuard } from "./packet-guard.ts";

const OWN_TOPIC = deviceTopic("meter-1", "reading");
type PublishHook = NonNullable<ReturnType<typeof brokerOptions>["authorizePublish"]>;

function hooked() {
  const refusals: string[] = [];
  const accepted: string[] = [];
  const hooks: BrokerHooks = {
    backend: {
      deviceKey: () => new Uint8Array(32),
      accept: async (deviceId, channel) => {
        accepted.push(`${deviceId} ${channel}`);
      },
      takeReading: () => undefined,
      quarantined: () => [],
      canAcceptWork: () => true,
      whenAccepting: () => Promise.resolve(),
    },
    publishPath: "broker",
    sessions: new DeviceSessions(new VirtualClock(0)),
    refuse: (reason) => refusals.push(reason),
    log: silentLog,
    nowUnixMs: () => 0,
    onDurable: () => undefined,
  };
  return { hooks, refusals, accepted };
}

function clientOf(deviceId: string): Client {
  const identity = { deviceId, publicKey: new Uint8Array(32) };
  const modules = { admit: () => undefined, onHeld: () => undefined, refuse: () => undefined, nowUnixMs: () => 0 };
  return {
    id: deviceId,
    conn: new PacketGuard(new StreamConnection(duplexPair()[0]), identity, modules),
  } as unknown as Client;
}

/** Why the hook refuses a packet; undefined when it lets it through. */
function refusalOf(hooks: BrokerHooks, client: Client | null, packet: object): Promise<string | undefined> {
  const authorizePublish = brokerOptions(hooks).authorizePublish as PublishHook;
  return new Promise((resolve) => {
    authorizePublish(client, packet as Parameters<PublishHook>[1], (error) => {
      resolve(error ? (error as { reason?: string } & Error).reason : undefined);
    });
  });
}

describe("authorizePublish", () => {
  const packet = { cmd: "publish", topic: OWN_TOPIC, qos: 1, retain: false, payload: Buffer.from("x") };

  it("lets through what is durable", async () => {
    const { hooks, accepted } = hooked();
    expect(await refusalOf(hooks, clientOf("meter-1"), packet)).toBeUndefined();
    expect(accepted).toEqual(["meter-1 reading"]);
  });

  it.each([
    ["no_client", "a will of a broker that is gone", false, packet],
    ["will", "a will, which is no packet", true, { ...packet, cmd: undefined }],
    ["reserved_topic", "$SYS", true, { ...packet, topic: "$SYS/broker/clients" }],
    ["foreign_topic", "another device's topic", true, { ...packet, topic: deviceTopic("meter-2", "reading") }],
  ])("refuses as %s: %s", async (reason, _case, hasClient, refused) => {
    const { hooks, accepted } = hooked();
    expect(await refusalOf(hooks, hasClient ? clientOf("meter-1") : null, refused)).toBe(reason);
    expect(accepted).toEqual([]);
  });
});

describe("watchBroker", () => {
  it("outlives the broker's own errors, and counts them", async () => {
    const { hooks, refusals } = hooked();
    const broker = await Aedes.createBroker(brokerOptions(hooks));
    watchBroker(broker, hooks);
    (broker as NodeJS.EventEmitter).emit("error", new Error("persistence failed"));
    expect(refusals).toEqual(["broker_error"]);
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  });

  it("does not count a connection that just broke off", async () => {
    const { hooks, refusals } = hooked();
    const broker = await Aedes.createBroker(brokerOptions(hooks));
    watchBroker(broker, hooks);
    const emit = (error: Error) => (broker as NodeJS.EventEmitter).emit("clientError", clientOf("meter-1"), error);
    emit(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    emit(new Error("connection closed"));
    expect(refusals).toEqual([]);
    emit(new Error("Packet must not have both QoS bits set to 1"));
    expect(refusals).toEqual(["protocol_error"]);
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  });
});
