import type { EnergyLimit } from "@gridpact/flexibility";
import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger, LedgerActs, Outbox } from "@gridpact/ledger";
import type { AcceptedReading } from "@gridpact/native";
import type { RequestInterval, Resource } from "@gridpact/proto";
import type { EvidenceSource } from "../evidence/index.ts";
import type { VnAgentOptions } from "./agent-options.ts";
import type { AmendmentDesk } from "./amend/index.ts";
import type { SelfBalancing } from "./balance/index.ts";
import type { ChoiceStore } from "./choice/index.ts";
import type { ConsentDesk } from "./contract/index.ts";
import type { SetpointSender } from "./deliver/index.ts";
import type { Dispatcher, SupplyGrid } from "./dispatch/index.ts";
import type { EventStore } from "./document/index.ts";
import type { AggregatorLink, DeviceLink } from "./links.ts";
import type { MoveHost } from "./moves/index.ts";
import type { OutlookStore, ProsumerForecaster } from "./outlook/index.ts";
import type { EventPlanner, StatementBook } from "./plan/index.ts";
import type { ProsumerBook } from "./prosumer/index.ts";

/** A device that the agent may call on. */
export type CallableDevice = {
  deviceId: string;
  feeder: string;
  resources: readonly Resource[];
  /** Its identity on the ledger. */
  certificatePem: string;
};

/** Newest accepted reading of a device: power in W (import positive), registers in Wh. */
export type LatestReading = Pick<AcceptedReading, "measuredAtUnixMs" | "powerW" | "importWh" | "exportWh">;

/** What the agent uses of the ledger beside the outbox. */
export type AgentLedger = Pick<
  Ledger,
  "evaluate" | "prepareOffline" | "chainInfo" | "block" | "blockByTransaction" | "events"
>;

/** What the agent uses of the outbox. */
export type AgentOutbox = Pick<Outbox, "execute" | "executePrepared">;

/** What the agent is given by its host. */
export type VnAgentModules = {
  clock: Clock;
  /** A directory of its own: events, receipts and what was learned of devices. */
  disk: Disk;
  log: Log;
  ledger: AgentLedger;
  outbox: AgentOutbox;
  evidence: EvidenceSource;
  /** Devices that are on the ledger, and neither revoked nor quarantined. */
  devices(): readonly CallableDevice[];
  latestReading(deviceId: string): LatestReading | undefined;
  /** How much the devices of a feeder may change together, Wh in each interval; none where nothing limits them. */
  feederLimits(intervals: readonly RequestInterval[]): readonly EnergyLimit[];
  /** The grid that the devices are in; left out, limits of feeders are all that is known. */
  grid?: SupplyGrid;
  /** Solves for the cheapest orders; the caller closes it. Left out, the agent solves within its own ticks. */
  dispatcher?: Dispatcher;
  /** The block that holds the anchor of a Merkle batch of this node. */
  anchorBlockNumber(batchNo: number): number | undefined;
  aggregator: AggregatorLink;
  deviceLink: DeviceLink;
  /** Left out, the node has no part in moves. */
  moves?: MoveHost;
  /** Mean outdoor temperature in a span, degrees Celsius; null where it is not known. Left out: nobody measures it. */
  temperatureC?: (fromUnixMs: number, toUnixMs: number) => number | null;
};

/** What every step works with. */
export type StepContext = {
  options: VnAgentOptions;
  modules: VnAgentModules;
  acts: LedgerActs;
  events: EventStore;
  prosumers: ProsumerBook;
  choices: ChoiceStore;
  forecaster: ProsumerForecaster;
  planner: EventPlanner;
  dispatcher: Dispatcher;
  statements: StatementBook;
  outlooks: OutlookStore;
  consents: ConsentDesk;
  amendments: AmendmentDesk;
  setpoints: SetpointSender;
  balance: SelfBalancing;
};
