import {
  describeResource,
  type FeidDescription,
  type FeidHost,
  replaySite,
  runFeidHost,
  type SiteFault,
} from "@gridpact/edge";
import { type Clock, type SeededRandom, silentLog } from "@gridpact/host";
import { type Channel, decode } from "@gridpact/proto";
import { MTU_MS } from "../wiring/market.ts";
import type { Incarnation } from "./incarnation.ts";
import type { SimulatedNetwork } from "./network.ts";
import type { ReadingTally } from "./reading-tally.ts";
import type { SimulatedNode } from "./simulated-node.ts";
import { type OwnMachine, SimulatedProcess } from "./simulated-process.ts";
import { SimulatedUplink } from "./simulated-uplink.ts";

export type SimulatedDeviceOptions = {
  description: FeidDescription;
  historyFromUnixMs: number;
  readingPeriodMs: number;
  faults: readonly SiteFault[];
};

export type SimulatedDeviceModules = {
  node: SimulatedNode;
  network: SimulatedNetwork;
  random: SeededRandom;
  world: Clock;
  tally: ReadingTally;
};

const STATUS_OK = 200;
const STATUS_REFUSED = 403;
const STATUS_UNAVAILABLE = 503;

/** A port that nobody listens on: the simulated uplink needs none, the membership's form does. */
const UNUSED_PORT = 1;

/** A FEID as a simulated process of its own. */
export class SimulatedDevice extends SimulatedProcess {
  readonly deviceId: string;
  readonly #options: SimulatedDeviceOptions;
  readonly #modules: SimulatedDeviceModules;
  #host: FeidHost | undefined;
  #uplink: SimulatedUplink | undefined;
  #token: string | undefined;

  constructor(options: SimulatedDeviceOptions, modules: SimulatedDeviceModules) {
    super(modules.random.fork("disk"), modules.world);
    this.deviceId = options.description.deviceId;
    this.#options = options;
    this.#modules = modules;
  }

  deliver(channel: Channel, bytes: Uint8Array): void {
    this.#uplink?.deliver(channel, bytes);
  }

  /** Whether everything measured so far is with the virtual node. */
  isDrained(): boolean {
    const state = this.#host?.devices()[0];
    return state?.state === "running" && state.stats.envelopesWaiting === 0 && state.stats.readingsUnsigned === 0;
  }

  /** Why it does not run; undefined when it does. */
  trouble(): string | undefined {
    const state = this.#host?.devices()[0];
    return state?.state === "failed" ? state.reason : undefined;
  }

  async stop(): Promise<void> {
    await this.#host?.stop();
  }

  protected async live(incarnation: Incarnation, { clock, disk }: OwnMachine): Promise<void> {
    const { description, historyFromUnixMs, readingPeriodMs, faults } = this.#options;
    const { load, pv, resources, deviceId, feeder } = description;
    const { node, random } = this.#modules;
    this.#token ??= await node.node()?.issueToken({ deviceId, feeder });
    const site = { load, pv, resources, faults };
    const start = { startUnixMs: historyFromUnixMs, importWh: 0n, exportWh: 0n };
    this.#host = runFeidHost(
      {
        enrolmentUrl: "https://vn.invalid/enrol",
        caPem: "-----BEGIN CERTIFICATE-----",
        mqttHost: "vn.invalid",
        readingPeriodMs,
        mtuMs: MTU_MS,
        historyFromUnixMs,
        devices: [{ deviceId, token: this.#token ?? "" }],
      },
      {
        clock,
        networkClock: clock,
        random: random.fork(`life/${this.crashes()}`),
        log: silentLog,
        diskOf: () => disk,
        siteOf: () => ({ openSite: replaySite(site, start), resources: resources.map(describeResource) }),
        post: (_url, body) => this.#enrol(body),
        uplinkOf: () => this.#connect(incarnation, clock),
      },
    );
  }

  protected died(): void {
    this.#uplink = undefined;
    this.#host = undefined;
  }

  async #enrol(body: Uint8Array): Promise<{ status: number; body: string }> {
    const node = this.#modules.node.node();
    if (node === undefined) return { status: STATUS_UNAVAILABLE, body: "" };
    const { isEnrolled, ...outcome } = await node.enrol(decode("EnrolmentRequest", body));
    return {
      status: isEnrolled ? STATUS_OK : STATUS_REFUSED,
      body: JSON.stringify({ ...outcome, mqttPort: UNUSED_PORT }),
    };
  }

  #connect(device: Incarnation, clock: Clock): SimulatedUplink {
    const { network, node, tally } = this.#modules;
    const uplink = new SimulatedUplink({
      clock,
      network,
      device,
      reach: () => node.peerOf(this.deviceId),
      onSent: (channel, bytes) => tally.noteSent(channel, bytes),
      onAcked: (channel, bytes) => tally.noteAcked(channel, bytes),
    });
    this.#uplink = uplink;
    return uplink;
  }
}
