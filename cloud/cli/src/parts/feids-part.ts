import { existsSync, readFileSync } from "node:fs";
import {
  describeResource,
  type FeidDescription,
  type FeidHost,
  httpsPost,
  loadFleet,
  MqttUplink,
  replaySite,
  runFeidHost,
} from "@gridpact/edge";
import { nodeDisk, systemRandom, wallClock } from "@gridpact/host";
import { authorityOf } from "../consortium/consortium.ts";
import { awaitRunFile, writeRunFile } from "../process/run-file.ts";
import { HISTORY_FROM_UNIX_MS, storyFaults } from "../story/plan-story.ts";
import { MTU_MS, VN_IDS } from "../wiring/market.ts";
import { writeEndedFleet } from "./ended-fleet.ts";
import { type FleetStatus, serveFleetStatus } from "./fleet-status.ts";
import type { PartContext, RunningPart } from "./part.ts";
import { readTokens } from "./token-file.ts";

/** Five minutes: three readings in a market time unit, and a sync for each that an accelerated day can bear. */
const READING_PERIOD_MS = 300_000;

const STORY_FILE = "story.json";

/** Runs all FEIDs of the demonstration fleet, each with its own key, spool and connection. */
export async function runFeidsPart(context: PartContext): Promise<RunningPart> {
  const { data, listening } = context;
  const hosts: FeidHost[] = [];
  for (const vnId of VN_IDS) hosts.push(await startHost(vnId, context));
  const status = await serveFleetStatus({ host: listening.host, port: 0 }, () => statusOf(hosts));
  writeRunFile(data, "feids", { status: status.port }, listening.advertisedHost);
  return {
    async close() {
      await Promise.all(hosts.map((host) => host.stop()));
      // Not before: what was acknowledged while they stopped is not sent again.
      writeEndedFleet(data, statusOf(hosts));
      await status.close();
    },
  };
}

/** When the story's event starts, if there is one; the sites' faults follow from it. */
export function storyStart(data: PartContext["data"]): number | undefined {
  const path = data.at(STORY_FILE);
  if (!existsSync(path)) return undefined;
  return (JSON.parse(readFileSync(path, "utf8")) as { startUnixMs: number }).startUnixMs;
}

async function startHost(vnId: string, { data, clock, log, consortium }: PartContext): Promise<FeidHost> {
  const { host, ports } = await awaitRunFile(data, `vn-${vnId}`);
  const fleet = loadFleet();
  const devices = new Map(fleet.filter((each) => each.vnId === vnId).map((each) => [each.deviceId, each]));
  const tokens = readTokens(data, vnId);
  const caPem = authorityOf(consortium.authorities, "VnMSP").certificatePem;
  const start = { startUnixMs: HISTORY_FROM_UNIX_MS, importWh: 0n, exportWh: 0n };
  const startUnixMs = storyStart(data);
  const siteOf = (device: FeidDescription) => {
    const faults = startUnixMs === undefined ? [] : storyFaults(device, { startUnixMs, fleet });
    const { load, pv, resources } = device;
    return {
      openSite: replaySite({ load, pv, resources, faults }, start),
      resources: resources.map(describeResource),
    };
  };
  return runFeidHost(
    {
      enrolmentUrl: `https://${host}:${ports["enrolment"]}/enrol`,
      caPem,
      mqttHost: host,
      readingPeriodMs: READING_PERIOD_MS,
      mtuMs: MTU_MS,
      historyFromUnixMs: HISTORY_FROM_UNIX_MS,
      // Who runs the demonstration owns its devices, and lets them move.
      acceptsMoves: true,
      devices: [...devices.values()].map(({ deviceId, balances }) => ({
        deviceId,
        token: tokens[deviceId] ?? "",
        balances,
      })),
    },
    {
      clock,
      networkClock: wallClock(),
      random: systemRandom,
      log,
      diskOf: (deviceId) => nodeDisk(data.at("feids", deviceId)),
      siteOf: (deviceId) => siteOf(devices.get(deviceId) as FeidDescription),
      post: httpsPost(caPem),
      uplinkOf: (options) => new MqttUplink(options, { clock: wallClock(), random: systemRandom, log }),
    },
  );
}

function statusOf(hosts: readonly FeidHost[]): FleetStatus {
  const devices = hosts.flatMap((host) => host.devices());
  const running = devices.filter((device) => device.state === "running");
  const sum = (pick: (stats: (typeof running)[number]["stats"]) => number) =>
    running.reduce((total, { stats }) => total + pick(stats), 0);
  return {
    devices: devices.length,
    running: running.length,
    failed: devices.flatMap((device) => (device.state === "failed" ? [`${device.deviceId}: ${device.reason}`] : [])),
    readingsSent: sum((stats) => stats.recorded + stats.readingsRecovered),
    readingsAcked: sum((stats) => stats.readingsAcked),
    envelopesWaiting: sum((stats) => stats.envelopesWaiting),
    readingsUnsigned: sum((stats) => stats.readingsUnsigned),
  };
}
