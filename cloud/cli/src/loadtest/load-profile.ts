import { rmSync, writeFileSync } from "node:fs";
import { dirname, join, parse, resolve } from "node:path";
import { issueEnrolmentToken } from "@gridpact/broker";
import { type Disk, nodeDisk, systemRandom } from "@gridpact/host";
import { CliError } from "../cli-error.ts";
import { authorityOf } from "../consortium/consortium.ts";
import { readConsortium } from "../consortium/consortium-files.ts";
import { clockOf } from "../process/clock-file.ts";
import { type DataDirectory, existingDataDirectory } from "../process/data-directory.ts";
import { type RunFile, readRunFile } from "../process/run-file.ts";

export type LoadProfileOptions = {
  dataPath: string;
  vnId: string;
  /** How many devices, 1..LOAD_DEVICES_MAX. */
  devices: number;
  outPath: string;
};

/** What `loadtest/k6/virtual-node.js` reads: where a virtual node is, and devices that may enrol there. */
export type LoadProfile = {
  enrolUrl: string;
  mqttHost: string;
  /** PEM file of the authority by which devices know the virtual node. */
  caFile: string;
  /** Without a path; `/ready` and `/metrics` are there. */
  metricsUrl: string;
  /** By the virtual node's clock, which may be accelerated: readings MUST NOT lie ahead of it. */
  nowUnixMs: number;
  devices: { deviceId: string; token: string }[];
};

/** A virtual node enrols 16,384 devices in all its life, so this leaves room for its own. */
export const LOAD_DEVICES_MAX = 10_000;

/** A feeder of their own keeps their energy out of the feeders that are looked at. */
const FEEDER = "load";

const OWNER_ONLY = 0o600;

/**
 * Issues enrolment tokens for devices that the running virtual node does not know yet, and writes the profile of one
 * load test. Tokens are as good as keys until they are used, so only the owner can read the file.
 * @throws CliError when there is no such data directory, or the virtual node does not run or is not ready
 */
export async function writeLoadProfile(options: LoadProfileOptions, write: (text: string) => void): Promise<void> {
  const { vnId, devices, outPath } = options;
  if (devices < 1 || devices > LOAD_DEVICES_MAX) {
    throw new CliError("INPUT", `--devices is 1 to ${LOAD_DEVICES_MAX}, not ${devices}`);
  }
  const data = existingDataDirectory(options.dataPath);
  const running = await runningVirtualNode(data, vnId);
  const path = resolve(outPath);
  const caFile = join(dirname(path), `${parse(path).name}-ca.pem`);
  const profile: LoadProfile = {
    enrolUrl: `https://${running.host}:${running.ports["enrolment"]}/enrol`,
    mqttHost: running.host,
    caFile,
    metricsUrl: metricsUrlOf(running),
    nowUnixMs: clockOf(data).nowUnixMs(),
    devices: await issueTokens(nodeDisk(data.at(`vn-${vnId}`)), devices),
  };
  writeFileSync(caFile, authorityOf(readConsortium(data).authorities, "VnMSP").certificatePem);
  writeOwnerOnly(path, `${JSON.stringify(profile, null, 2)}\n`);
  write(`${path}: ${devices} devices for one run of: npm run loadtest -w loadtest -- steady ${path}\n`);
}

/** A run file may be left over from a virtual node that was killed, so the node itself is asked. */
async function runningVirtualNode(data: DataDirectory, vnId: string): Promise<RunFile> {
  const running = readRunFile(data, `vn-${vnId}`);
  const answer = running && (await fetch(`${metricsUrlOf(running)}/ready`).catch(() => undefined));
  if (running === undefined || answer === undefined) {
    const start = `npx gridpact vn ${vnId} --data ${data.root}`;
    throw new CliError("PROCESS_ENDED", `vn-${vnId} does not run on this machine; start it first: ${start}`);
  }
  if (!answer.ok) {
    throw new CliError("PROCESS_ENDED", `vn-${vnId} takes no readings at the moment: ${await answer.text()}`);
  }
  return running;
}

/** Health and metrics are on the virtual node's own loopback, whatever name it is advertised under. */
function metricsUrlOf({ ports }: RunFile): string {
  return `http://127.0.0.1:${ports["health"]}`;
}

const NUMBER_PATH = "load-devices.json";

/** Numbers go on from profile to profile: an enrolled id is bound to its first key for ever. */
async function issueTokens(disk: Disk, count: number): Promise<LoadProfile["devices"]> {
  const bytes = await disk.read(NUMBER_PATH);
  const kept = bytes === undefined ? { next: 1 } : (JSON.parse(Buffer.from(bytes).toString()) as { next: number });
  // Taken before the first token is out: after a crash numbers are missing, none is there twice.
  await disk.replace(NUMBER_PATH, Buffer.from(JSON.stringify({ next: kept.next + count })));
  const devices: LoadProfile["devices"] = [];
  for (let number = kept.next; number < kept.next + count; number++) {
    const deviceId = `load-${String(number).padStart(4, "0")}`;
    const token = await issueEnrolmentToken({ deviceId, feeder: FEEDER }, { disk, random: systemRandom });
    devices.push({ deviceId, token });
  }
  return devices;
}

/** A mode is given to new files only, hence never to one that is already there. */
function writeOwnerOnly(path: string, text: string): void {
  rmSync(path, { force: true });
  writeFileSync(path, text, { mode: OWNER_ONLY, flag: "wx" });
}
