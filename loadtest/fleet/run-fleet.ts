import { join } from "node:path";
import type { Engine } from "@gridpact/native";
import { HostProcess, recordsOf, WAL_DIRECTORY } from "../src/host/index.ts";
import { openFilesMax, residentBytes, rounded, treeCpuSeconds } from "../src/measure/index.ts";
import { type FleetPhase, type FleetPlay, type FleetProgress, type FleetReport, playFleet } from "./fleet-generator.ts";
import { accountForLog, type LogAccount } from "./log-account.ts";

/** Devices need a file each in this process's children: see `OpenFilesError`. */
export type FleetOptions = FleetPlay & {
  devices: number;
  /** By default the native engine where it was built. */
  engine?: Engine["kind"];
};

/** What the devices saw, what the log has, and what it cost the host. */
export type FleetResult = Omit<FleetReport, "sentByDevice"> &
  LogAccount & {
    engine: Engine["kind"];
    /** Most that the host's process ever had resident. */
    residentBytesMax: number;
    /** While all sent, with the handshakes of those that came back meanwhile. */
    hostCpuUsPerEnvelope: number;
    hostCpuMsPerHandshake: number;
  };

export type FleetPlace = { directory: string; progress: (text: string) => void };

/** The machine lets this process and its children open too few files; the message says how many are needed. */
export class OpenFilesError extends Error {
  readonly code = "OPEN_FILES";

  constructor(wanted: number, allowed: number) {
    super(
      `so many devices need ${wanted} open files, and the hard limit is ${allowed}: raise it with ulimit -Hn ${wanted}`,
    );
    this.name = "OpenFilesError";
  }
}

/** Beside one socket for each device: the log, the store, code, and connections that have not been given up yet. */
const SPARE_FILES = 500;

/**
 * Loads one virtual node with many devices on connections of their own, some of which come and go; then cuts all of
 * them at once; then looks for everything that was acknowledged in the log.
 * @throws OpenFilesError, HostError, ProcessFailedError
 */
export async function runFleet(options: FleetOptions, place: FleetPlace): Promise<FleetResult> {
  const { devices, engine } = options;
  if (openFilesMax() < devices + SPARE_FILES) throw new OpenFilesError(devices + SPARE_FILES, openFilesMax());
  const targetPath = join(place.directory, "target.json");
  const dataDirectory = join(place.directory, "data");
  const host = await HostProcess.start(
    { dataDirectory, store: { kind: "none" }, devices, targetPath, ...(engine && { engine }) },
    { directory: place.directory, onProgress: place.progress },
  );
  const played = await playAndMeasure(host, targetPath, { options, place }).catch(async (error: unknown) => {
    await host.close();
    throw error;
  });
  await host.close();
  place.progress("reading the log");
  const { sentByDevice, ...report } = played.report;
  const account = await accountForLog(recordsOf(join(dataDirectory, WAL_DIRECTORY)), sentByDevice);
  return { ...report, ...account, ...played.measured, engine: host.engine() };
}

async function playAndMeasure(
  host: HostProcess,
  targetPath: string,
  { options, place }: { options: FleetOptions; place: FleetPlace },
) {
  // Each phase tells of itself at its end, too: its last entry is what the host had used by then.
  const atEnd = new Map<FleetPhase, { cpuSeconds: number; acked: number }>();
  const startCpuSeconds = treeCpuSeconds(host.pid());
  const { perSecond, churnPerSecond, seconds } = options;
  const report = await playFleet(targetPath, { perSecond, churnPerSecond, seconds }, (progress) => {
    atEnd.set(progress.phase, { cpuSeconds: treeCpuSeconds(host.pid()), acked: progress.acked });
    place.progress(describe(progress));
  });
  const connected = atEnd.get("connect")?.cpuSeconds ?? Number.NaN;
  const sent = atEnd.get("send") ?? { cpuSeconds: Number.NaN, acked: Number.NaN };
  const measured = {
    residentBytesMax: residentBytes(host.pid()).max,
    hostCpuUsPerEnvelope: rounded(((sent.cpuSeconds - connected) * 1e6) / sent.acked),
    hostCpuMsPerHandshake: rounded(((connected - startCpuSeconds) * 1e3) / options.devices),
  };
  return { report, measured };
}

function describe({ phase, seconds, connected, acked, p99Ms }: FleetProgress): string {
  return `${phase} ${Math.round(seconds)} s: ${connected} connected, ${acked} acknowledged, p99 ${p99Ms} ms`;
}
