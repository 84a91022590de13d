import type { AggregatorCore } from "@gridpact/aggregator";
import {
  type AggregatorLink,
  type EvidenceSource,
  openVirtualNode,
  type VirtualNode,
  type VnAgent,
  type VnAgentOptions,
} from "@gridpact/broker";
import { VnLink20b } from "@gridpact/dr-openadr";
import { type Clock, type Disk, repeat, type SeededRandom, silentLog } from "@gridpact/host";
import { DisputeKeeper, Outbox } from "@gridpact/ledger";
import { type LoggedEnvelope, openTwinEngine } from "@gridpact/native";
import { SqliteDocumentStore } from "@gridpact/openadr";
import type { Channel, ProsumerSummary, SignatureVerifier } from "@gridpact/proto";
import { authorityOf, type Consortium } from "../consortium/consortium.ts";
import { linkOf } from "../wiring/aggregator-link.ts";
import { LEDGER_PROGRAMME, MTU_MS } from "../wiring/market.ts";
import { openAgent } from "../wiring/open-agent.ts";
import type { Incarnation } from "./incarnation.ts";
import type { SimulatedNetwork } from "./network.ts";
import type { SimulatedAggregator } from "./simulated-aggregator.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";
import { simulatedTransport } from "./simulated-openadr.ts";
import { type OwnMachine, SimulatedProcess } from "./simulated-process.ts";
import type { UplinkPeer } from "./simulated-uplink.ts";

const TICK_MS = 15_000;

/** In these an agent has done all that an event asks of it. */
const FINAL_PHASES: readonly string[] = ["completed", "refused", "abandoned"];

const VN_MSP_ID = "VnMSP";

/** No act of a day depends on them, and each takes longer than everything else that an agent does in an hour. */
const FORECAST_PROSUMERS_MAX = 1;

/** Records read from the log at once when it is counted at the end. */
const LOG_PAGE_RECORDS = 4_096;

/** What a node's agent takes for its evidence, in the place of what its log proves. */
export type EvidenceOf = (vnId: string, source: EvidenceSource, clock: Clock) => EvidenceSource;

/** As what a node's prosumers are described to the aggregator. */
export type DescribedAs = (vnId: string, summaries: readonly ProsumerSummary[]) => readonly ProsumerSummary[];

/** With what a test puts in the place of a node's evidence and descriptions, honest or not. */
export type SimulatedNodeOptions = Pick<VnAgentOptions, "vnId" | "consentsTogetherMin"> & {
  evidenceOf: EvidenceOf;
  describedAs: DescribedAs;
};

export type SimulatedNodeModules = {
  consortium: Consortium;
  ledger: SimulatedLedger;
  aggregator: SimulatedAggregator;
  network: SimulatedNetwork;
  random: SeededRandom;
  world: Clock;
  verify: SignatureVerifier;
  /** The session of a device, if it has one. */
  deliver: (deviceId: string, channel: Channel, bytes: Uint8Array) => void;
};

/** A virtual node with its agent as a simulated process. */
export class SimulatedNode extends SimulatedProcess {
  readonly vnId: string;
  readonly #options: SimulatedNodeOptions;
  readonly #modules: SimulatedNodeModules;
  /** What SQLite has committed outlives a crash. */
  readonly #venStore = new SqliteDocumentStore(":memory:");
  #node: VirtualNode | undefined;
  #agent: VnAgent | undefined;

  constructor(options: SimulatedNodeOptions, modules: SimulatedNodeModules) {
    super(modules.random.fork("disk"), modules.world);
    this.vnId = options.vnId;
    this.#options = options;
    this.#modules = modules;
  }

  node(): VirtualNode | undefined {
    return this.#node;
  }

  /** Whether the node lives and has nothing left to do for any event. */
  isAtRest(): boolean {
    return this.#agent?.events().every(({ phase }) => FINAL_PHASES.includes(phase)) ?? false;
  }

  /** Moves that the node's agent has a part in, while it lives. */
  moves(): ReturnType<VnAgent["moves"]> {
    return this.#agent?.moves() ?? [];
  }

  /** What a device of this node connects to. */
  peerOf(deviceId: string): UplinkPeer | undefined {
    const [node, incarnation] = [this.#node, this.life()];
    if (node === undefined || incarnation === undefined) return undefined;
    // As a session of a device that is no member is refused.
    if (node.deviceKey(deviceId) === undefined) return undefined;
    return { deviceId, incarnation, accept: (channel, bytes) => node.accept(deviceId, channel, bytes) };
  }

  /** Everything in the write-ahead log, accepted and rejected. */
  async log(): Promise<LoggedEnvelope[]> {
    const engine = await openTwinEngine({ disk: this.disk, directory: "wal", mtuMs: MTU_MS });
    const records: LoggedEnvelope[] = [];
    for (let page = await engine.readLog(0n, LOG_PAGE_RECORDS); page.length > 0; ) {
      records.push(...page);
      page = await engine.readLog(BigInt(records.length), LOG_PAGE_RECORDS);
    }
    return records;
  }

  protected async live(incarnation: Incarnation, { clock, disk }: OwnMachine): Promise<void> {
    const { vnId } = this;
    const { consortium, verify } = this.#modules;
    const ledger = this.#modules.ledger.clientOf(`vn-${vnId}`, clock);
    const log = silentLog;
    const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock, ledger, log });
    const engine = await openTwinEngine({ disk, directory: "wal", mtuMs: MTU_MS, verify });
    const random = this.#modules.random.fork(`life/${this.crashes()}`);
    const authority = authorityOf(consortium.authorities, VN_MSP_ID);
    const node = await openVirtualNode(
      { vnId, mspId: VN_MSP_ID, mtuMs: MTU_MS },
      { clock, random, disk, engine, outbox, log, authority },
    );
    const agent = await openAgent(
      {
        vnId,
        mspId: VN_MSP_ID,
        mtuMs: MTU_MS,
        programmeId: LEDGER_PROGRAMME.programmeId,
        forecastProsumersMax: FORECAST_PROSUMERS_MAX,
        consentsTogetherMin: this.#options.consentsTogetherMin,
      },
      {
        node,
        evidence: this.#options.evidenceOf(vnId, node.evidence, clock),
        disk: subdirectory(disk, "agent"),
        clock,
        log,
        ledger,
        outbox,
        aggregator: this.#aggregatorLink(incarnation, clock),
        address: { enrolmentUrl: `https://${vnId}.invalid/enrol`, mqttHost: `${vnId}.invalid` },
        deviceLink: { send: async (deviceId, channel, bytes) => this.#modules.deliver(deviceId, channel, bytes) },
      },
    );
    const disputes = await DisputeKeeper.open({ vnId }, { clock, disk, ledger, outbox, log });
    if (!incarnation.isAlive()) return;
    this.#node = node;
    this.#agent = agent;
    for (const loop of [node, agent, disputes]) {
      repeat({ clock, periodMs: TICK_MS, task: () => loop.tick(), onError: () => true });
    }
  }

  protected died(): void {
    this.#node = undefined;
    this.#agent = undefined;
  }

  #aggregatorLink(caller: Incarnation, clock: Clock): AggregatorLink {
    const { vnId } = this;
    const { network, aggregator } = this.#modules;
    const requests = new VnLink20b(
      { vnId, isSigning: false },
      {
        store: this.#venStore,
        transport: simulatedTransport({ network, caller, name: vnId, vtn: () => aggregator.vtn() }),
        clock,
        random: this.#modules.random.fork(`ven/${this.crashes()}`),
      },
    );
    const call = <T>(act: (core: AggregatorCore) => Promise<T>) =>
      network.call(caller, async () => {
        const core = aggregator.core();
        if (core === undefined) throw new TypeError("the aggregator is down");
        return await act(core);
      });
    const own = {
      register: (profile) => call((core) => core.register(profile)),
      describe: (_, summaries) =>
        call(async (core) => {
          await core.describeProsumers(vnId, this.#options.describedAs(vnId, summaries));
          return core.clusterGuidance(vnId);
        }),
      exchangeMoves: (_, reports) => call((core) => core.exchangeMoves(vnId, reports)),
    } satisfies Pick<AggregatorLink, "register" | "describe" | "exchangeMoves">;
    return linkOf(own, requests);
  }
}

/** A disk within a disk. */
export function subdirectory(disk: Disk, directory: string): Disk {
  const inside = (path: string) => (path === "" || path === "." ? directory : `${directory}/${path}`);
  return {
    openAppend: (path) => disk.openAppend(inside(path)),
    read: (path) => disk.read(inside(path)),
    replace: (path, bytes) => disk.replace(inside(path), bytes),
    list: (path) => disk.list(inside(path)),
    remove: (path) => disk.remove(inside(path)),
  };
}
