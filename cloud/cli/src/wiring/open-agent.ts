import { type AggregatorLink, type DeviceLink, type VirtualNode, VnAgent, type VnAgentOptions } from "@gridpact/broker";
import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger, Outbox } from "@gridpact/ledger";
import type { RequestInterval } from "@gridpact/proto";
import { temperatureC } from "./scenario.ts";

export type AgentWiring = {
  node: VirtualNode;
  /** A directory of the agent's own. */
  disk: Disk;
  clock: Clock;
  log: Log;
  ledger: Ledger;
  outbox: Outbox;
  aggregator: AggregatorLink;
  deviceLink: DeviceLink;
  feederLimits?: (intervals: readonly RequestInterval[]) => FeederLimits;
};

type FeederLimits = ReturnType<Parameters<typeof VnAgent.open>[1]["feederLimits"]>;

/** Opens a virtual node's agent on the node itself: what it may call on, what was read, what is proven. */
export async function openAgent(
  options: Partial<VnAgentOptions> & Pick<VnAgentOptions, "vnId" | "mspId">,
  wiring: AgentWiring,
): Promise<VnAgent> {
  const { node, feederLimits = () => [], ...modules } = wiring;
  const agent = await VnAgent.open(options, {
    ...modules,
    evidence: node.evidence,
    devices: () => node.callableDevices(),
    latestReading: (deviceId) => node.latestReading(deviceId),
    anchorBlockNumber: (batchNo) => node.anchorBlockNumber(batchNo),
    feederLimits,
    temperatureC,
  });
  node.onMessage("signature", (deviceId, bytes) => agent.receiveSignature(deviceId, bytes));
  node.onMessage("flexibility", (deviceId, bytes) => agent.receiveFlexibility(deviceId, bytes));
  return agent;
}
