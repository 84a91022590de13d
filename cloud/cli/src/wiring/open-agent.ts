import {
  type AgentServer,
  type AgentViewModules,
  type AggregatorLink,
  type DeviceLink,
  type Dispatcher,
  type EvidenceSource,
  listenForAgentPage,
  type VirtualNode,
  VnAgent,
  type VnAgentOptions,
} from "@gridpact/broker";
import type { Clock, Disk, Log } from "@gridpact/host";
import type { DisputeCounts, Ledger, Outbox } from "@gridpact/ledger";
import type { BuiltApp } from "@gridpact/page";
import { netImportWh } from "@gridpact/settlement";
import { isVnId, KIND_PRICE_SHARES } from "./market.ts";
import { temperatureC } from "./scenario.ts";
import { supplyGridOf } from "./supply-grid.ts";

/** From a running host or a simulated one: the agent cannot tell. */
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
  /** What the agent settles by; the node's own when left out. */
  evidence?: EvidenceSource;
  /** Where devices of other nodes find this one, when they move here. */
  address: { enrolmentUrl: string; mqttHost: string };
  /** A thread of its own for plans; left out, they are solved within the agent's ticks. */
  dispatcher?: Dispatcher;
};

/** Opens a virtual node's agent on the node itself: what it may call on, what was read, what is proven. */
export async function openAgent(
  options: Partial<VnAgentOptions> & Pick<VnAgentOptions, "vnId" | "mspId">,
  wiring: AgentWiring,
): Promise<VnAgent> {
  const { node, address, evidence = node.evidence, ...modules } = wiring;
  const agent = await VnAgent.open(
    { kindPriceSharesPerMille: KIND_PRICE_SHARES, ...options },
    {
      ...modules,
      moves: { devices: node.moves, address },
      evidence,
      devices: () => node.callableDevices(),
      latestReading: (deviceId) => node.latestReading(deviceId),
      anchorBlockNumber: (batchNo) => node.anchorBlockNumber(batchNo),
      // The grid says more than limits of whole feeders would.
      feederLimits: () => [],
      ...(isVnId(options.vnId) && { grid: supplyGridOf(options.vnId) }),
      temperatureC,
    },
  );
  node.holdEvidence(() => agent.evidenceNeededSinceUnixMs());
  node.moves.hold((deviceId) => agent.openBusinessOf(deviceId));
  node.onMessage("signature", (deviceId, bytes) => agent.receiveSignature(deviceId, bytes));
  node.onMessage("balance", (deviceId, bytes) => agent.receiveBalance(deviceId, bytes));
  node.onMessage("flexibility", (deviceId, bytes) => agent.receiveFlexibility(deviceId, bytes));
  return agent;
}

const HOUR_MS = 3_600_000;

/** Serves the page of a node's agent on a free port of the loopback interface, and the app that checks receipts. */
export function openAgentPage(
  { vnId, mtuMs, clock }: { vnId: string; mtuMs: number; clock: Clock },
  { agent, node, disputes }: { agent: VnAgent; node: VirtualNode; disputes: () => DisputeCounts },
  receiptApp?: BuiltApp,
): Promise<AgentServer> {
  const modules: AgentViewModules = {
    vnId,
    mtuMs,
    agent,
    disputes,
    windows: node.windows,
    nowUnixMs: () => clock.nowUnixMs(),
    async meteredOf(deviceId, fromUnixMs, toUnixMs) {
      const count = (toUnixMs - fromUnixMs) / mtuMs + 1;
      const boundaries = Array.from({ length: count }, (_, index) => fromUnixMs + index * mtuMs);
      const registers = await node.evidence.registersAt(deviceId, boundaries);
      const energiesWh = netImportWh(registers.map((each) => each ?? null));
      return energiesWh.map((wh) => (wh === null ? null : (Number(wh) * HOUR_MS) / mtuMs));
    },
  };
  return listenForAgentPage(0, modules, receiptApp);
}
