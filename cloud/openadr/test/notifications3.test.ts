import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectSocket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import mqtt from "mqtt";
import { Agent, request } from "undici";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  hashClientSecret,
  Oadr3Client,
  type Oadr3Error,
  type RunVen3Options,
  runVen3,
  runVtn3,
  systemClock,
  type Ven3Notification,
} from "../src/index.ts";
import { startNotifierBroker, startTopicListener, startWebhookListener } from "../src/notifications3/index.ts";
import { clientOf } from "../src/oadr3/index.ts";
import { createTestPki } from "./test-pki.ts";

const pki = createTestPki();
const CLIENTS = [
  { clientId: "bl", secretSha256: hashClientSecret("1"), role: "bl" },
  { clientId: "ven", secretSha256: hashClientSecret("2"), role: "ven" },
  { clientId: "other", secretSha256: hashClientSecret("3"), role: "ven" },
] as const;

let folder = "";
const cleanups: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "openadr3-notifications-"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  rmSync(folder, { recursive: true });
});

/** Paths of a certificate of the test's authority. */
function files(name: string) {
  const identity = pki.issue(name);
  const write = (suffix: string, content: string) => {
    writeFileSync(join(folder, `${name}.${suffix}`), content);
    return join(folder, `${name}.${suffix}`);
  };
  return {
    certificatePath: write("crt", identity.certificatePem),
    privateKeyPath: write("key", identity.privateKeyPem),
    caPath: write("ca", pki.caPem),
  };
}

async function startVtn(tls?: ReturnType<typeof files>, port = 0, brokerPort = 0) {
  const problems: unknown[] = [];
  const running = await runVtn3(
    {
      port,
      clients: CLIENTS,
      dataFolder: join(folder, "vtn"),
      areInternalCallbacksAllowed: true,
      broker: { port: brokerPort },
      ...(tls === undefined ? {} : { tls }),
    },
    { onFault: (error) => problems.push(error), onGivenUp: (_to, cause) => problems.push(cause) },
  );
  cleanups.push(() => running.stop());
  const connect = (clientId: string, clientSecret: string) => {
    const ca = tls === undefined ? {} : { caPem: pki.caPem };
    const client = new Oadr3Client({ url: running.url, clientId, clientSecret, clock: systemClock, ...ca });
    cleanups.push(() => client.close());
    return client;
  };
  return { ...running, connect, problems };
}

/** A VEN that never polls by itself again after its first poll. */
async function startVen(url: string, options: Partial<RunVen3Options>) {
  const told: Ven3Notification[] = [];
  const failures: Oadr3Error[] = [];
  const identity = { clientId: "ven", clientSecret: "2", venName: "house" };
  const running = await runVen3(
    { url, ...identity, dataFolder: ":memory:", pollMs: 3_600_000, ...options },
    { onNotification: (notification) => told.push(notification), onFailure: (error) => failures.push(error) },
  );
  cleanups.push(() => running.stop());
  const has = (kind: Ven3Notification["kind"], count = 1) =>
    vi.waitFor(() => expect(told.filter((one) => one.kind === kind)).toHaveLength(count), { timeout: 5_000 });
  await has("registered");
  return { ...running, told, failures, has };
}

const payloads = [{ type: "SIMPLE", values: [1] }];
const terms = { intervalPeriod: { start: "2050-01-01T00:00:00Z", duration: "PT1H" }, intervals: [{ id: 0, payloads }] };

describe("a 3.1 VEN that does not poll", () => {
  it.each([
    ["a webhook", { kind: "webhook", port: 0 }, false],
    ["MQTT", { kind: "mqtt" }, false],
    ["MQTT over TLS", { kind: "mqtt" }, true],
  ] as const)("hears by %s of events made, changed, granted and deleted", async (_by, notifications, isTls) => {
    const vtn = await startVtn(isTls ? files("vtn3") : undefined);
    const ven = await startVen(vtn.url, { notifications, ...(isTls ? { caPath: files("ven3").caPath } : {}) });
    const bl = vtn.connect("bl", "1");
    const { id: programID } = await bl.create("programs", { programName: "P" });
    const event = await bl.create("events", { programID, ...terms });
    await ven.has("event-received");
    await bl.update("events", event.id, { programID, ...terms, priority: 1 });
    await ven.has("event-changed");
    await bl.create("events", { programID, ...terms, targets: ["east"] });
    const grant = { objectType: "BL_VEN_REQUEST", clientID: "ven", venName: "house", targets: ["east"] } as const;
    await bl.update("vens", ven.ven.venId ?? "", grant);
    await ven.has("event-received", 2);
    await bl.delete("events", event.id);
    await ven.has("event-cancelled");
    expect([...ven.failures, ...vtn.problems]).toEqual([]);
  });

  it("subscribes once, also when it starts again, and takes its subscription along when it stops", async () => {
    const vtn = await startVtn();
    const notifications = { kind: "webhook", port: 0 } as const;
    const left = { clientName: "house", objectOperations: [] };
    const old = await vtn.connect("ven", "2").create("subscriptions", left);
    const ven = await startVen(vtn.url, { notifications });
    const subscriptions = () => [...vtn.vtn.state.tables.subscriptions.values()];
    await vi.waitFor(() => expect(subscriptions()).toMatchObject([{ id: old.id, objectOperations: [{}] }]));
    await ven.stop();
    expect(subscriptions()).toEqual([]);
  });

  it("comes back when the broker does, and reads what it has missed", async () => {
    const first = await startVtn();
    const { port } = new URL(first.url);
    const { MQTT: binding } = await first.connect("ven", "2").notifiers();
    const brokerPort = Number(new URL(binding?.URIS[0] ?? "").port);
    const ven = await startVen(first.url, { notifications: { kind: "mqtt" }, newsRetryMs: 20 });
    await first.stop();
    await vi.waitFor(() => expect(ven.failures).not.toHaveLength(0));
    const again = await startVtn(undefined, Number(port), brokerPort);
    const bl = again.connect("bl", "1");
    const { id: programID } = await bl.create("programs", { programName: "P" });
    await bl.create("events", { programID, ...terms });
    await ven.has("event-received");
  });

  it("says so when the VTN has no broker, and goes on", async () => {
    const options = { port: 0, clients: CLIENTS, dataFolder: ":memory:" };
    const vtn = await runVtn3(options, { onFault: () => undefined, onGivenUp: () => undefined });
    cleanups.push(() => vtn.stop());
    const ven = await startVen(vtn.url, { notifications: { kind: "mqtt" } });
    await vi.waitFor(() => expect(ven.failures).toMatchObject([{ code: "refused" }]));
  });
});

describe("the broker of a 3.1 VTN", () => {
  const own = (venId: string) => `openadr/3.1/vens/${venId}/events/+`;

  async function start() {
    const vtn = await startVtn();
    const { MQTT: binding } = await vtn.connect("ven", "2").notifiers();
    expect(binding).toMatchObject({ authentication: { method: "OAUTH2_BEARER_TOKEN", username: "{clientID}" } });
    const [ven, other] = [vtn.connect("ven", "2"), vtn.connect("other", "3")];
    const { id } = await ven.create("vens", { objectType: "VEN_VEN_REQUEST", venName: "house" });
    const uri = binding?.URIS[0] ?? "";
    const listen = async (client: Oadr3Client, topics: readonly string[], change: object = {}) => {
      const heard: string[] = [];
      const credentials = { username: client.clientId, password: await client.token(), ...change };
      const listener = await startTopicListener({ uri, topics, ...credentials }, (topic) => heard.push(topic));
      cleanups.push(() => listener.close());
      return { heard, ...listener };
    };
    return { vtn, ven, other, venId: id, uri, listen };
  }

  it("lets a VEN read its own topics, and nobody else's", async () => {
    const { vtn, ven, other, venId, listen } = await start();
    const { heard } = await listen(ven, [own(venId)]);
    for (const topics of [[own(venId)], ["#"], ["openadr/3.1/vens/+/events/+"], ["$SYS/#"]]) {
      await expect(listen(other, topics)).rejects.toThrow();
    }
    const bl = vtn.connect("bl", "1");
    const whole = await listen(bl, ["openadr/3.1/#"]);
    const { id: programID } = await bl.create("programs", { programName: "P" });
    await bl.create("events", { programID, ...terms });
    await vi.waitFor(() => expect(heard).toEqual([`openadr/3.1/vens/${venId}/events/create`]));
    expect(whole.heard).toContain(`openadr/3.1/programs/${programID}/events/create`);
  });

  it("takes the token of the client that names itself, and nothing from anybody else", async () => {
    const { ven, venId, listen } = await start();
    await expect(listen(ven, [own(venId)], { username: "other" })).rejects.toThrow("Bad username or password");
    await expect(listen(ven, [own(venId)], { password: "forged" })).rejects.toThrow("Bad username or password");
  });

  it("ends what was allowed when the ven object is gone", async () => {
    const { vtn, ven, venId, listen } = await start();
    const listener = await listen(ven, [own(venId), `openadr/3.1/vens/${venId}/+`]);
    await ven.delete("vens", venId);
    await listener.ended;
    expect(listener.heard).toEqual([]);
    expect(vtn.problems).toEqual([]);
  });

  it("takes no message from a client, and no will", async () => {
    const { vtn, ven, venId, uri } = await start();
    const credentials = { username: "ven", password: await ven.token(), reconnectPeriod: 0 };
    const talker = await mqtt.connectAsync(uri, credentials, false);
    const ended = new Promise<void>((resolve) => talker.once("close", resolve));
    talker.publish(`openadr/3.1/vens/${venId}/events/create`, "{}");
    await ended;
    const will = {
      topic: `openadr/3.1/vens/${venId}/events/create`,
      payload: Buffer.from("{}"),
      qos: 0,
      retain: false,
    };
    await expect(mqtt.connectAsync(uri, { ...credentials, will } as never, false)).rejects.toThrow();
    expect(vtn.problems).toEqual([]);
  });

  it("ends a connection that announces more than any subscriber sends", async () => {
    const { uri, vtn } = await start();
    const socket = connectSocket(Number(new URL(uri).port), "127.0.0.1");
    const closed = once(socket, "close");
    socket.write(Buffer.of(0x10, 0xff, 0xff, 0xff, 0x7f));
    socket.resume();
    await closed;
    expect(vtn.problems).toEqual([]);
  });

  it("cannot take a port that is taken", async () => {
    const { uri } = await start();
    const options = { host: "127.0.0.1", port: Number(new URL(uri).port), tls: undefined };
    const modules = { clientOf: () => clientOf({ clientId: "x", role: "ven" }), mayRead: () => false };
    await expect(startNotifierBroker(options, { ...modules, onFault: () => undefined })).rejects.toThrow("EADDRINUSE");
  });
});

describe("a webhook listener", () => {
  it("hears who shows the token, over TLS too", async () => {
    const identity = pki.issue("ven3");
    let newsCount = 0;
    const options = { host: "127.0.0.1", port: 0, tls: identity, bearerToken: "secret" };
    const listener = await startWebhookListener(options, () => {
      newsCount += 1;
    });
    cleanups.push(() => listener.close());
    const agent = new Agent({ connect: { ca: pki.caPem } });
    cleanups.push(() => agent.close());
    const post = async (authorization: string | undefined, body = "{}") => {
      const headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
      const answer = await request(listener.address, { method: "POST", headers, body, dispatcher: agent });
      await answer.body.dump();
      return answer.statusCode;
    };
    expect(listener.address).toMatch(/^https:/);
    expect(await post("Bearer secret")).toBe(204);
    expect(newsCount).toBe(1);
    for (const wrong of [undefined, "Bearer other!", "Bearer secrets", "Basic secret"]) {
      expect(await post(wrong)).toBe(401);
    }
    expect(await post("Bearer secret", `"${"x".repeat(2_097_152)}"`)).toBe(413);
    expect(newsCount).toBe(1);
  });
});
