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

/** `world` is the clock that goes on when this process is down; what the process itself gets ends with each life. */
export type SimulatedDeviceModules = {
  /** A node by its id; the device starts at the one of its description. */
  nodeOf: (vnId: string) => SimulatedNode;
  /** Authority of all nodes, PEM. */
  authorityPem: string;
  network: SimulatedNetwork;
  random: SeededRandom;
  world: Clock;
  tally: ReadingTally;
};

const STATUS_OK = 200;
const STATUS_REFUSED = 403;
const STATUS_UNAVAILABLE = 503;

/** Refusals that pass, as the enrolment server tells them by its status. */
const PASSING = new Set(["busy", "release_pending", "registry_full"]);

/** Names under which nodes are found on the simulated network. */
const DOMAIN = ".invalid";

/** A port that nobody listens on: the simulated uplink needs none, the membership's form does. */
const UNUSED_PORT = 1;

/** A FEID as a simulated process of its own. */
export class SimulatedDevice extends SimulatedProcess {
  readonly deviceId: string;
  /** The node that it starts at. */
  readonly homeVnId: string;
  readonly #options: SimulatedDeviceOptions;
  readonly #modules: SimulatedDeviceModules;
  #host: FeidHost | undefined;
  #uplink: SimulatedUplink | undefined;
  /** The node that the uplink goes to. */
  #uplinkVnId = "";
  #token: string | undefined;

  constructor(options: SimulatedDeviceOptions, modules: SimulatedDeviceModules) {
    super(modules.random.fork("disk"), modules.world);
    this.deviceId = options.description.deviceId;
    this.homeVnId = options.description.vnId;
    this.#options = options;
    this.#modules = modules;
  }

  /** A message of a node; lost unless the device is connected to that one. */
  deliver(vnId: string, channel: Channel, bytes: Uint8Array): void {
    if (vnId === this.#uplinkVnId) this.#uplink?.deliver(channel, bytes);
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
    const { load, pv, resources, deviceId, feeder, vnId, balances } = description;
    const { nodeOf, random, authorityPem } = this.#modules;
    this.#token ??= await nodeOf(vnId).node()?.issueToken({ deviceId, feeder });
    const site = { load, pv, resources, faults };
    const start = { startUnixMs: historyFromUnixMs, importWh: 0n, exportWh: 0n };
    this.#host = runFeidHost(
      {
        enrolmentUrl: `https://${vnId}${DOMAIN}/enrol`,
        caPem: authorityPem,
        mqttHost: `${vnId}${DOMAIN}`,
        readingPeriodMs,
        mtuMs: MTU_MS,
        historyFromUnixMs,
        acceptsMoves: true,
        devices: [{ deviceId, token: this.#token ?? "", balances }],
      },
      {
        clock,
        networkClock: clock,
        random: random.fork(`life/${this.crashes()}`),
        log: silentLog,
        diskOf: () => disk,
        siteOf: () => ({ openSite: replaySite(site, start), resources: resources.map(describeResource) }),
        post: (url, body) => this.#enrol(incarnation, vnIdOf(new URL(url).hostname), body),
        uplinkOf: ({ host }) => this.#connect(incarnation, clock, vnIdOf(host)),
      },
    );
  }

  protected died(): void {
    this.#uplink = undefined;
    this.#host = undefined;
  }

  async #enrol(device: Incarnation, vnId: string, body: Uint8Array): Promise<{ status: number; body: string }> {
    const { network, nodeOf } = this.#modules;
    return network.call(device, async () => {
      const node = nodeOf(vnId).node();
      if (node === undefined) return { status: STATUS_UNAVAILABLE, body: "" };
      const outcome = await node.enrol(decode("EnrolmentRequest", body));
      if (!outcome.isEnrolled) {
        const status = PASSING.has(outcome.reason) ? STATUS_UNAVAILABLE : STATUS_REFUSED;
        return { status, body: JSON.stringify({ code: outcome.reason }) };
      }
      const { certificatePem, caPem } = outcome;
      return { status: STATUS_OK, body: JSON.stringify({ certificatePem, caPem, mqttPort: UNUSED_PORT }) };
    });
  }

  #connect(device: Incarnation, clock: Clock, vnId: string): SimulatedUplink {
    const { network, nodeOf, tally } = this.#modules;
    this.#uplinkVnId = vnId;
    const uplink = new SimulatedUplink({
      clock,
      network,
      device,
      reach: () => nodeOf(vnId).peerOf(this.deviceId),
      onSent: (channel, bytes) => tally.noteSent(channel, bytes),
      onAcked: (channel, bytes) => tally.noteAcked(channel, bytes),
    });
    this.#uplink = uplink;
    return uplink;
  }
}

function vnIdOf(host: string): string {
  return host.slice(0, -DOMAIN.length);
}
