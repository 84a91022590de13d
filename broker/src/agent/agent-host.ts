import type { EnergyLimit } from "@gridpact/flexibility";
import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger, Outbox } from "@gridpact/ledger";
import type { AcceptedReading } from "@gridpact/native";
import type { RequestInterval, Resource } from "@gridpact/proto";
import type { EvidenceSource } from "../evidence/index.ts";
import type { VnAgentOptions } from "./agent-options.ts";
import type { SupplyGrid } from "./dispatch/index.ts";
import type { AggregatorLink, DeviceLink } from "./links.ts";

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

/** What steps are given by whoever runs the agent. Each names the parts that it needs, see `Given`. */
export type AgentHost = {
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
  /** The block that holds the anchor of a Merkle batch of this node. */
  anchorBlockNumber(batchNo: number): number | undefined;
  aggregator: AggregatorLink;
  deviceLink: DeviceLink;
  /** Mean outdoor temperature in a span, degrees Celsius; null where it is not known. Left out: nobody measures it. */
  temperatureC?: (fromUnixMs: number, toUnixMs: number) => number | null;
};

/**
 * What a step works with: the agent's options and some parts of its host. What it needs of another folder's making it
 * names beside them, so that no folder knows more of the others than it uses; `vn-agent.ts` alone knows them all.
 */
export type Given<Part extends keyof AgentHost> = { options: VnAgentOptions; modules: Pick<AgentHost, Part> };
