import {
  type AggregatorLink,
  HttpProfileLink,
  issueEnrolmentToken,
  type RetentionConfig,
  type RunningVirtualNode,
  runVirtualNode,
  type StoreConfig,
  ThreadDispatcher,
  type VirtualNodeConfig,
  type VnAgent,
} from "@gridpact/broker";
import { loadFleet } from "@gridpact/edge";
import { type Disk, nodeDisk, systemRandom, wallClock } from "@gridpact/host";
import { DisputeKeeper, type Ledger, Outbox } from "@gridpact/ledger";
import { type Engine, openEngine } from "@gridpact/native";
import { authorityOf, memberOf } from "../consortium/consortium.ts";
import { privateKeyPem } from "../consortium/consortium-files.ts";
import { awaitRunFile, writeRunFile } from "../process/run-file.ts";
import { linkOf } from "../wiring/aggregator-link.ts";
import { LEDGER_PROGRAMME, MTU_MS } from "../wiring/market.ts";
import { openAgent, openAgentPage } from "../wiring/open-agent.ts";
import { paceOf } from "../wiring/pace.ts";
import type { OpenAdrProfile } from "./openadr-state.ts";
import { type Closable, openVnLink20b } from "./openadr20b.ts";
import { openVnLink31 } from "./openadr31.ts";
import { connectLedger, endProcess, keepTicking, type PartContext, type RunningPart } from "./part.ts";
import { receiptApp } from "./receipt-app.ts";
import { rememberedPort, rememberPort } from "./remembered-port.ts";
import { writeTokens } from "./token-file.ts";

export type VnPartOptions = {
  vnId: string;
  profile: OpenAdrProfile;
  store: StoreConfig;
  retention: RetentionConfig;
  engine?: "native" | "twin";
};

const VN_MSP_ID = "VnMSP";

/** Devices of one VN host of a demonstration; the real bound is the broker's own. */
const CONNECTIONS_MAX = 16_384;

/** A device that back-fills days of history at once stays below this; a hostile one does not. */
const PACKETS_PER_SECOND = 500;
const PACKETS_BURST = 2_000;

/** What a virtual node stands on: its own disk and log, and its way to the ledger. */
type Foundation = { disk: Disk; engine: Engine; ledger: Ledger; outbox: Outbox };

/** Runs a virtual node: broker, engine, store, anchors and agent. */
export async function runVnPart(options: VnPartOptions, context: PartContext): Promise<RunningPart> {
  const { vnId } = options;
  const { data, log, listening } = context;
  const foundation = await openFoundation(options, context);
  const { disk, outbox, engine } = foundation;
  const running = await runNode(options, context, foundation);
  await writeTokens(data, vnId, tokenGrants(vnId), (grant) =>
    issueEnrolmentToken(grant, { disk, random: systemRandom }),
  );
  const link = await openAggregatorLink(options, context);
  const dispatcher = new ThreadDispatcher(log);
  const agent = await agentOf(vnId, context, { ...foundation, running, aggregator: link.opened, dispatcher });
  const disputes = await DisputeKeeper.open({ vnId }, { ...foundation, clock: context.clock, log });
  const ticks = [agent, disputes].map((loop) => keepTicking(loop, log));
  const page = await openAgentPage(
    { vnId, mtuMs: MTU_MS, clock: context.clock },
    { agent, node: running.node, disputes: () => disputes.counts() },
    receiptApp(context.consortium, log),
  );
  rememberPort(data, vnId, "mqtt", running.ports.mqtt);
  rememberPort(data, vnId, "enrolment", running.ports.enrolment);
  writeRunFile(data, `vn-${vnId}`, { ...running.ports, page: page.port }, listening.advertisedHost);
  return {
    async close() {
      for (const tick of ticks) tick.cancel();
      await dispatcher.close();
      disputes.close();
      await page.close();
      await link.close();
      await running.close();
      await outbox.close();
      await engine.close();
    },
  };
}

async function openFoundation(options: VnPartOptions, context: PartContext): Promise<Foundation> {
  const { vnId, engine: kind, retention } = options;
  const { data, log } = context;
  const disk = nodeDisk(data.at(`vn-${vnId}`));
  const ledger = await connectLedger(context, `vn-${vnId}`);
  const outbox = await Outbox.open({ directory: "outbox" }, { disk, clock: wallClock(), ledger, log });
  const engine = await openEngine({
    mtuMs: MTU_MS,
    directoryPath: data.at(`vn-${vnId}`, "wal"),
    log,
    ...(kind && { kind }),
    ...(retention.kind === "archive" && { archivePath: retention.archivePath }),
  });
  return { disk, engine, ledger, outbox };
}

function runNode(options: VnPartOptions, context: PartContext, foundation: Foundation): Promise<RunningVirtualNode> {
  const { clock, log, consortium } = context;
  const { disk, engine, outbox } = foundation;
  return runVirtualNode(nodeConfig(options, context), {
    clock,
    random: systemRandom,
    disk,
    engine,
    outbox,
    log,
    authority: authorityOf(consortium.authorities, VN_MSP_ID),
    onFatal: endProcess(log),
  });
}

function nodeConfig({ vnId, store, retention }: VnPartOptions, { data, listening }: PartContext): VirtualNodeConfig {
  return {
    vnId,
    mspId: VN_MSP_ID,
    dataDirectory: data.at(`vn-${vnId}`),
    mtuMs: MTU_MS,
    host: listening.host,
    mqttPort: listening.port === 0 ? rememberedPort(data, vnId, "mqtt") : listening.port,
    enrolmentPort: rememberedPort(data, vnId, "enrolment"),
    healthPort: 0,
    serverNames: ["localhost", "127.0.0.1", ...extraName(listening.advertisedHost)],
    connectionsMax: CONNECTIONS_MAX,
    packetsPerSecond: PACKETS_PER_SECOND,
    packetsBurst: PACKETS_BURST,
    store,
    retention,
  };
}

type AgentSurroundings = { running: RunningVirtualNode; aggregator: AggregatorLink; dispatcher: ThreadDispatcher };

async function agentOf(
  vnId: string,
  context: PartContext,
  { ledger, outbox, running, aggregator, dispatcher }: Foundation & AgentSurroundings,
): Promise<VnAgent> {
  const { data, clock, log, listening } = context;
  const mqttHost = listening.advertisedHost;
  return openAgent(
    { vnId, mspId: VN_MSP_ID, mtuMs: MTU_MS, programmeId: LEDGER_PROGRAMME.programmeId, ...paceOf(data).agent },
    {
      node: running.node,
      disk: nodeDisk(data.at(`vn-${vnId}`, "agent")),
      clock,
      log,
      ledger,
      outbox,
      aggregator,
      dispatcher,
      deviceLink: running.devices,
      address: { enrolmentUrl: `https://${mqttHost}:${running.ports.enrolment}/enrol`, mqttHost },
    },
  );
}

function extraName(advertisedHost: string): string[] {
  return advertisedHost === "127.0.0.1" || advertisedHost === "localhost" ? [] : [advertisedHost];
}

function tokenGrants(vnId: string): { deviceId: string; feeder: string }[] {
  return loadFleet()
    .filter((device) => device.vnId === vnId)
    .map(({ deviceId, feeder }) => ({ deviceId, feeder }));
}

/** The profile goes by the aggregator's own API, requests go by OpenADR. */
async function openAggregatorLink(
  { vnId, profile }: Pick<VnPartOptions, "vnId" | "profile">,
  context: PartContext,
): Promise<Closable<AggregatorLink>> {
  const { data, consortium } = context;
  const { host, ports } = await awaitRunFile(data, "aggregator");
  const identity = memberOf(consortium, `vn-${vnId}`);
  const api = new HttpProfileLink({
    host,
    port: ports["vnApi"] ?? 0,
    keyPem: privateKeyPem(identity),
    certificatePem: identity.certificatePem,
    authorityPems: [...consortium.authorities.values()].map(({ certificatePem }) => certificatePem),
  });
  const vtn = { party: "aggregator", host, port: ports["vtn"] ?? 0 };
  const open = profile === "3.1" ? openVnLink31 : openVnLink20b;
  const requests = open({ vnId, party: `vn-${vnId}`, vtn }, context);
  return {
    opened: linkOf(api, requests.opened),
    async close() {
      api.close();
      await requests.close();
    },
  };
}
