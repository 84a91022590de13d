import { connect as connectTcp } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { SeededRandom, signingKeyFromSeed, silentLog, VirtualClock, wallClock } from "@gridpact/host";
import { issueAuthority, issueCertificate } from "@gridpact/ledger";
import { deviceTopic } from "@gridpact/proto";
import { afterEach, describe, expect, it } from "vitest";
import { LISTENER_KINDS } from "../../test/listener-kinds.ts";
import { MeteringDevice } from "../../test/metering-device.ts";
import { ended, RawClient } from "../../test/raw-client.ts";
import type { EnvelopeSource } from "../ingest/index.ts";
import { HELLO_TIMEOUT_MS } from "../listener/index.ts";
import type { PublishPath, SessionBackend } from "./broker-hooks.ts";
import { CONNECT_TIMEOUT_MS } from "./packet-guard.ts";
import { QUARANTINE_LIMITS, type SessionOptions, SessionServer, SOCKETS_PER_DEVICE_MAX } from "./session-server.ts";

const modules = { random: new SeededRandom("session"), clock: wallClock() };
const authority = issueAuthority({ mspId: "VnMSP", key: signingKeyFromSeed(new Uint8Array(32).fill(1)) }, modules);
const serverKey = signingKeyFromSeed(new Uint8Array(32).fill(2));
const pem = (key: typeof serverKey) => key.privateKey.export({ format: "pem", type: "pkcs8" }).toString();

function certificate(commonName: string, publicKey: Uint8Array, serverNames: string[] = []): string {
  return issueCertificate({ authority, commonName, publicKey, kind: "client", serverNames }, modules);
}

const device = new MeteringDevice("meter-1", 3);
const deviceCertificate = certificate("meter-1", device.key.publicKey);
const CONNECT = { cmd: "connect", clientId: "meter-1", clean: true, protocolVersion: 4, keepalive: 60 } as const;

/** A virtual node that takes everything, or nothing until the test says so. */
class TestBackend implements SessionBackend {
  readonly accepted: string[] = [];
  readonly inQuarantine: string[] = [];
  isFull = false;
  failure: Error | undefined;
  #release: () => void = () => undefined;

  deviceKey(): Uint8Array {
    return device.key.publicKey;
  }

  async accept(_deviceId: string, _channel: string, bytes: Uint8Array): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.accepted.push(Buffer.from(bytes).toString());
  }

  takeReading(source: EnvelopeSource, bytes: Buffer, start: number, end: number): undefined {
    this.accept("", "reading", new Uint8Array(bytes.subarray(start, end))).then(
      () => {
        source.onDurable(0);
        source.onGroupEnd();
      },
      (error) => source.onFailed(error),
    );
  }

  quarantined(): readonly string[] {
    return this.inQuarantine;
  }

  canAcceptWork(): boolean {
    return !this.isFull;
  }

  whenAccepting(): Promise<void> {
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  makeRoom(): void {
    this.isFull = false;
    this.#release();
  }
}

const servers: SessionServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function listeningWith(options: Partial<SessionOptions>) {
  const clock = new VirtualClock(0);
  const backend = new TestBackend();
  const server = await SessionServer.listen(
    {
      host: "127.0.0.1",
      port: 0,
      keyPem: pem(serverKey),
      certificatePem: certificate("server.district", serverKey.publicKey, ["localhost"]),
      caPem: authority.certificatePem,
      connectionsMax: 10,
      packetsPerSecond: 100,
      packetsBurst: 100,
      ...options,
    },
    { clock, log: silentLog, backend },
  );
  servers.push(server);
  const reached = { host: "localhost", port: server.port(), ca: authority.certificatePem };
  const dial = (cert: string, key = device.key) => connect({ ...reached, cert, key: pem(key) });
  return { clock, backend, server, dial };
}

const secured = (socket: TLSSocket) => new Promise<void>((resolve) => socket.once("secureConnect", () => resolve()));

async function session(dial: (cert: string) => TLSSocket): Promise<RawClient> {
  const socket = dial(deviceCertificate);
  await secured(socket);
  const client = new RawClient(socket);
  client.send(CONNECT);
  expect(await client.next()).toMatchObject({ cmd: "connack", returnCode: 0 });
  return client;
}

function publish(payload: string) {
  const topic = deviceTopic("meter-1", "reading");
  return { cmd: "publish", topic, payload, qos: 1, messageId: 1, dup: false, retain: false } as const;
}

const PATHS: readonly PublishPath[] = ["lane", "broker"];
const WAYS = LISTENER_KINDS.flatMap((listener) => PATHS.map((publishPath) => ({ listener, publishPath })));

describe.each(WAYS)("SessionServer, $listener, with messages by the $publishPath", (way) => {
  const listening = (options: Partial<SessionOptions> = {}) => listeningWith({ ...way, ...options });

  it("ends a half-open connection when its time is over", async () => {
    const { clock, server, dial } = await listening();
    const socket = dial(deviceCertificate);
    await secured(socket);
    await expect.poll(() => server.counts().sockets).toBe(1);
    const over = ended(socket);
    await clock.advanceTo(CONNECT_TIMEOUT_MS + 2_000);
    await over;
    expect(server.counts().refusals).toEqual({ connect_timeout: 1 });
  });

  it("ends a connection that never begins its handshake", async () => {
    const { clock, server } = await listening();
    const socket = connectTcp(server.port(), "127.0.0.1");
    const over = new Promise((resolve) => socket.once("close", resolve));
    await expect.poll(() => server.counts().listener.silent).toBe(1);
    await clock.advanceTo(HELLO_TIMEOUT_MS + 2_000);
    await over;
    await expect.poll(() => server.counts()).toMatchObject({ refusals: { tls_handshake: 1 }, sockets: 0 });
  });

  it("refuses a certificate that stands for no device, though it is the authority's own", async () => {
    const { server, dial } = await listening();
    await ended(dial(certificate("server.district", serverKey.publicKey), serverKey));
    expect(server.counts()).toMatchObject({ refusals: { no_identity: 1 }, sockets: 0 });
  });

  it("lets a device have as many sockets as the bound, and not one more", async () => {
    const { server, dial } = await listening();
    const open = Array.from({ length: SOCKETS_PER_DEVICE_MAX }, () => dial(deviceCertificate));
    await Promise.all(open.map(secured));
    await expect.poll(() => server.counts().sockets).toBe(SOCKETS_PER_DEVICE_MAX);
    await ended(dial(deviceCertificate));
    expect(server.counts().refusals).toEqual({ too_many_sockets: 1 });
    for (const socket of open) socket.destroy();
    await expect.poll(() => server.counts().sockets).toBe(0);
  });

  it("does not read a socket while the node takes nothing, and loses nothing", async () => {
    const { backend, server, dial } = await listening();
    const client = await session(dial);
    backend.isFull = true;
    client.send(publish("a"), publish("b"));
    await expect.poll(() => server.counts().holds).toBe(1);
    expect(backend.accepted).toEqual([]);
    backend.makeRoom();
    expect(await client.next()).toMatchObject({ cmd: "puback" });
    expect(await client.next()).toMatchObject({ cmd: "puback" });
    expect(backend.accepted).toEqual(["a", "b"]);
    client.end();
  });

  it("holds back a device that sends more than its rate, whatever it sends", async () => {
    const { clock, server, dial } = await listening({ packetsPerSecond: 1, packetsBurst: 2 });
    const client = await session(dial);
    client.send({ cmd: "pingreq" }, { cmd: "pingreq" }, { cmd: "pingreq" });
    expect(await client.next()).toMatchObject({ cmd: "pingresp" });
    expect(await client.next()).toMatchObject({ cmd: "pingresp" });
    await expect.poll(() => server.counts().holds).toBe(1);
    await clock.advanceTo(1_000);
    expect(await client.next()).toMatchObject({ cmd: "pingresp" });
    client.end();
  });

  it("takes the largest message, and all of a burst, in order", async () => {
    const { backend, dial } = await listening();
    const client = await session(dial);
    const payloads = ["first", "x".repeat(60_000), ...Array.from({ length: 90 }, (_, index) => `${index}`)];
    client.send(...payloads.map((payload, index) => ({ ...publish(payload), messageId: index + 1 })));
    for (let messageId = 1; messageId <= payloads.length; messageId++) {
      expect(await client.next()).toMatchObject({ cmd: "puback", messageId });
    }
    expect(backend.accepted).toEqual(payloads);
    client.end();
  });

  it("gives up a device that is silent for longer than it announced", async () => {
    const { clock, server, dial } = await listening();
    const client = await session(dial);
    await clock.advanceTo(clock.nowUnixMs() + 89_000);
    expect(server.counts().connectedDevices).toBe(1);
    await clock.advanceTo(clock.nowUnixMs() + 3_000);
    await client.closed();
    expect(server.counts().refusals).toEqual({ keepalive_timeout: 1 });
  });

  it("reads a device under quarantine at a fraction of its rate", async () => {
    const { backend, clock, server, dial } = await listening();
    const client = await session(dial);
    backend.inQuarantine.push("meter-1");
    await clock.advanceTo(clock.nowUnixMs() + 1_000);
    client.send(...Array.from({ length: QUARANTINE_LIMITS.burst + 1 }, (_, index) => publish(`${index}`)));
    await expect.poll(() => server.counts().holds).toBe(1);
    expect(backend.accepted).toHaveLength(QUARANTINE_LIMITS.burst);
    await clock.advanceTo(clock.nowUnixMs() + 1_000);
    await expect.poll(() => backend.accepted.length).toBe(QUARANTINE_LIMITS.burst + 1);
    client.end();
  });

  it("acknowledges nothing that the node did not make durable, and ends the session", async () => {
    const { backend, server, dial } = await listening();
    const client = await session(dial);
    backend.failure = new Error("the log is broken");
    client.send(publish("a"));
    expect(await client.next()).toBeUndefined();
    expect(server.counts().refusals).toEqual({ not_durable: 1 });
  });

  it("lets a device that comes back take over its session", async () => {
    const { server, dial } = await listening();
    const first = await session(dial);
    const second = await session(dial);
    await first.closed();
    expect(server.counts()).toMatchObject({ connectedDevices: 1 });
    second.end();
    await expect.poll(() => server.counts().connectedDevices).toBe(0);
    expect(server.counts().refusals).toEqual({});
  });
});
