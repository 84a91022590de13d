import { request } from "node:https";
import { connect, type TLSSocket } from "node:tls";
import { acceleratedClock, type Disk, type Log, SeededRandom, SimulatedDisk, silentLog } from "@gridpact/host";
import { type Engine, openTwinEngine } from "@gridpact/native";
import { type EnrolmentRequest, encode } from "@gridpact/proto";
import { connectAsync, type IClientOptions, type MqttClient } from "mqtt";
import { type RunModules, type RunningVirtualNode, runVirtualNode, type VirtualNodeConfig } from "../src/index.ts";
import { type MeteringDevice, MTU_MS, START_UNIX_MS } from "./metering-device.ts";
import { TestOutbox } from "./test-outbox.ts";

const CONFIG: VirtualNodeConfig = {
  vnId: "district",
  mspId: "VnMSP",
  dataDirectory: "unused",
  mtuMs: MTU_MS,
  host: "127.0.0.1",
  mqttPort: 0,
  enrolmentPort: 0,
  healthPort: 0,
  serverNames: ["localhost", "127.0.0.1"],
  connectionsMax: 100,
  packetsPerSecond: 1_000,
  packetsBurst: 1_000,
  tickPeriodMs: 50,
  store: { kind: "none" },
};

/** A virtual node with real sockets, on the disk given; its market time stands ten days after the tests' start. */
export class TestNode {
  readonly running: RunningVirtualNode;
  readonly engine: Engine;
  readonly outbox: TestOutbox;
  readonly fatal: unknown[];

  private constructor(parts: Pick<TestNode, "running" | "engine" | "outbox" | "fatal">) {
    this.running = parts.running;
    this.engine = parts.engine;
    this.outbox = parts.outbox;
    this.fatal = parts.fatal;
  }

  static async start(
    options: {
      disk?: Disk;
      config?: Partial<VirtualNodeConfig>;
      outbox?: TestOutbox;
      log?: Log;
      agent?: NonNullable<RunModules["agent"]>;
    } = {},
  ): Promise<TestNode> {
    const { disk = new SimulatedDisk(new SeededRandom("node")), outbox = new TestOutbox(), log = silentLog } = options;
    const { agent } = options;
    const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS });
    const fatal: unknown[] = [];
    const clock = acceleratedClock({
      realStartUnixMs: Date.now(),
      startUnixMs: START_UNIX_MS + 10 * 86_400_000,
      speed: 1,
    });
    const random = new SeededRandom("running-node");
    const onFatal = (error: unknown) => fatal.push(error);
    const running = await runVirtualNode(
      { ...CONFIG, ...options.config },
      { clock, random, disk, engine, outbox, log, onFatal, ...(agent && { agent }) },
    );
    return new TestNode({ running, engine, outbox, fatal });
  }

  async stop(): Promise<void> {
    await this.running.close();
    await this.engine.close();
  }

  /** Enrols over HTTPS with a fresh token, and returns the device's certificate. */
  async enrol(device: MeteringDevice): Promise<string> {
    const token = await this.running.node.issueToken({ deviceId: device.deviceId, feeder: "feeder-1" });
    const { status, body } = await this.post(device.enrolmentRequest(token));
    if (status !== 200) throw new Error(`enrolment answered ${status}`);
    return body["certificatePem"] as string;
  }

  /** Posts an enrolment request, or bytes that are none. */
  post(body: EnrolmentRequest | Uint8Array): Promise<{ status: number; body: Record<string, unknown> }> {
    const bytes = body instanceof Uint8Array ? body : encode("EnrolmentRequest", body);
    return postBytes(`https://localhost:${this.running.ports.enrolment}/enrol`, this.running.caPem, bytes);
  }

  /** Options with which mqtt.js, or a bare socket, connects as a device. */
  credentials(device: MeteringDevice, certificatePem: string) {
    return {
      host: "localhost",
      port: this.running.ports.mqtt,
      ca: this.running.caPem,
      cert: certificatePem,
      key: device.key.privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
    };
  }

  /** An MQTT session of a device that was enrolled just now. */
  async connect(device: MeteringDevice, options: IClientOptions = {}): Promise<MqttClient> {
    const credentials = this.credentials(device, await this.enrol(device));
    return connectAsync({
      protocol: "mqtts",
      clientId: device.deviceId,
      reconnectPeriod: 0,
      ...credentials,
      ...options,
    });
  }

  /** A TLS connection of a device that was enrolled just now; nothing is said on it yet. */
  async socket(device: MeteringDevice): Promise<TLSSocket> {
    return this.tls(device, await this.enrol(device));
  }

  /** A TLS connection with a certificate at hand. */
  tls(device: MeteringDevice, certificatePem: string): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connect(this.credentials(device, certificatePem), () => resolve(socket));
      socket.once("error", reject);
    });
  }

  async getHealth(path: string): Promise<{ status: number; text: string }> {
    const response = await fetch(`http://127.0.0.1:${this.running.ports.health}${path}`);
    return { status: response.status, text: await response.text() };
  }

  /** Value of a metric, 0 when it has no such sample. */
  async metric(name: string, label?: { name: string; value: string }): Promise<number> {
    const { text } = await this.getHealth("/metrics");
    const line = text.split("\n").find((each) => {
      const isLabelled = label === undefined || each.includes(`${label.name}="${label.value}"`);
      return each.startsWith(`${name}{`) && isLabelled;
    });
    return Number(line?.split(" ").at(-1) ?? 0);
  }
}

function postBytes(
  url: string,
  ca: string,
  bytes: Uint8Array,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const headers = { "content-type": "application/octet-stream", "content-length": bytes.length };
  return new Promise((resolve, reject) => {
    const posted = request(url, { method: "POST", ca, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
        resolve({ status: response.statusCode ?? 0, body });
      });
    });
    posted.on("error", reject);
    posted.end(bytes);
  });
}
