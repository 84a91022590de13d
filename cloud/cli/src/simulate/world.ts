import { DEFAULT_AGENT_OPTIONS } from "@gridpact/broker";
import { type FeidDescription, loadFleet, type SiteFault } from "@gridpact/edge";
import { SeededRandom, VirtualClock } from "@gridpact/host";
import { verifyZip215 } from "@gridpact/proto";
import {
  authorityOf,
  type Consortium,
  consortiumMembers,
  makeConsortium,
  validityFor,
} from "../consortium/consortium.ts";
import { VN_IDS } from "../wiring/market.ts";
import { type NetworkFaults, SimulatedNetwork } from "./network.ts";
import { ReadingTally } from "./reading-tally.ts";
import { SimulatedAggregator } from "./simulated-aggregator.ts";
import { SimulatedDevice } from "./simulated-device.ts";
import { SimulatedDso } from "./simulated-dso.ts";
import { SimulatedLedger } from "./simulated-ledger.ts";
import { type DescribedAs, type EvidenceOf, SimulatedNode, type SimulatedNodeOptions } from "./simulated-node.ts";

/** The seed alone decides what is drawn: keys, delays, faults and instants of crashes. */
export type WorldOptions = {
  seed: string;
  startUnixMs: number;
  historyFromUnixMs: number;
  readingPeriodMs: number;
  network: NetworkFaults;
  /** Devices of the demonstration fleet that take part; all when left out. */
  deviceIds?: readonly string[];
  /** See `VnAgentOptions`. */
  consentsTogetherMin?: number;
  /** What a node's agent settles by, when that is to be something else than what its log proves. */
  evidenceOf?: EvidenceOf;
  /** As what prosumers are described, when that is to be something else than what their node has seen. */
  describedAs?: DescribedAs;
  /** Puts all devices on one feeder, so that they may change places; each is on its own when left out. */
  feeder?: string;
  faultsOf: (device: FeidDescription) => readonly SiteFault[];
};

/** The whole system in one process: the product's own code on a virtual clock, network and disks. */
export class World {
  readonly clock: VirtualClock;
  readonly random: SeededRandom;
  readonly tally = new ReadingTally();
  readonly consortium: Consortium;
  readonly ledger: SimulatedLedger;
  readonly dso: SimulatedDso;
  readonly aggregator: SimulatedAggregator;
  readonly nodes: SimulatedNode[];
  readonly devices: SimulatedDevice[];

  constructor(options: WorldOptions) {
    this.clock = new VirtualClock(options.startUnixMs);
    this.random = new SeededRandom(options.seed);
    const { clock, random } = this;
    this.consortium = makeConsortium(consortiumMembers(VN_IDS, []), {
      random: random.fork("consortium"),
      clock,
      validity: validityFor([clock]),
    });
    const network = new SimulatedNetwork(random.fork("network"), clock, options.network);
    this.ledger = new SimulatedLedger(this.consortium, random.fork("ledger"), clock);
    this.dso = new SimulatedDso(random.fork("dso"), clock);
    this.aggregator = new SimulatedAggregator({
      ledger: this.ledger,
      dso: this.dso,
      network,
      random: random.fork("aggregator"),
      world: clock,
    });
    const { consentsTogetherMin = DEFAULT_AGENT_OPTIONS.consentsTogetherMin } = options;
    const evidenceOf = options.evidenceOf ?? ((_, source) => source);
    const describedAs = options.describedAs ?? ((_, summaries) => summaries);
    this.nodes = VN_IDS.map((vnId) => this.#node({ vnId, consentsTogetherMin, evidenceOf, describedAs }, network));
    this.devices = chosenFleet(options).map((description) => this.#device(description, options, network));
  }

  /** Starts everything, servers first. */
  async start(): Promise<void> {
    await this.ledger.start();
    await this.dso.start(this.ledger);
    await this.aggregator.start();
    for (const node of this.nodes) await node.start();
    for (const device of this.devices) await device.start();
  }

  nodeOf(vnId: string): SimulatedNode {
    const node = this.nodes.find((each) => each.vnId === vnId);
    if (node === undefined) throw new TypeError(`no virtual node ${vnId}`);
    return node;
  }

  #node(options: SimulatedNodeOptions, network: SimulatedNetwork): SimulatedNode {
    const { consortium, ledger, aggregator, clock, random } = this;
    const byId = () => (this.#byId ??= new Map(this.devices.map((device) => [device.deviceId, device])));
    return new SimulatedNode(options, {
      consortium,
      ledger,
      aggregator,
      network,
      random: random.fork(`vn/${options.vnId}`),
      world: clock,
      verify: verifyZip215,
      deliver: (deviceId, channel, bytes) => byId().get(deviceId)?.deliver(options.vnId, channel, bytes),
    });
  }

  #byId: Map<string, SimulatedDevice> | undefined;

  #device(description: FeidDescription, options: WorldOptions, network: SimulatedNetwork): SimulatedDevice {
    const { historyFromUnixMs, readingPeriodMs, faultsOf } = options;
    return new SimulatedDevice(
      {
        description: { ...description, feeder: options.feeder ?? description.feeder },
        historyFromUnixMs,
        readingPeriodMs,
        faults: faultsOf(description),
      },
      {
        nodeOf: (vnId) => this.nodeOf(vnId),
        authorityPem: authorityOf(this.consortium.authorities, "VnMSP").certificatePem,
        network,
        random: this.random.fork(`feid/${description.deviceId}`),
        world: this.clock,
        tally: this.tally,
      },
    );
  }
}

function chosenFleet({ deviceIds }: WorldOptions): FeidDescription[] {
  const fleet = loadFleet();
  return deviceIds === undefined ? fleet : fleet.filter(({ deviceId }) => deviceIds.includes(deviceId));
}
