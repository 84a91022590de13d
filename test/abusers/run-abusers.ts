import { fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { issueEnrolmentToken } from "@gridpact/broker";
import { enrol, httpsPost, privateKeyPem } from "@gridpact/edge";
import { nodeDisk, SEED_BYTES, SeededRandom, signingKeyFromSeed, sleep, systemRandom, wallClock } from "@gridpact/host";
import { HostProcess, type Listening } from "../crash/host-process.ts";

export type AbuseOptions = { abusers: number; seconds: number; directory: string };

export type AbuseReport = {
  abusers: number;
  /** Connections of abusers begun while it was measured, and the most that stood at a time. */
  attempts: number;
  openMax: number;
  /** From dialling to CONNACK, of an honest device that connects again and again. */
  connects: number;
  connectFailures: number;
  connectMs: { p50: number; p99: number; max: number };
  connectMsBefore: { p50: number; p99: number; max: number };
  /** Resident memory of the host: before, and the most it had under abuse. */
  rssMegabytesBefore: number;
  rssMegabytesMax: number;
};

const DEVICE_ID = "honest-1";
const ABUSERS = fileURLToPath(new URL("abusers-process.ts", import.meta.url));

/** Between two connections of the honest device. */
const CONNECT_PAUSE_MS = 100;

/** A device that gets no answer tries again after this. */
const CONNECT_TIMEOUT_MS = 10_000;

const CONNECTS_BEFORE = 30;

/** CONNECT of the honest device: MQTT 3.1.1, clean session, keep-alive of a minute. */
const CONNECT = Buffer.concat([
  Buffer.from([0x10, 12 + DEVICE_ID.length, 0, 4]),
  Buffer.from("MQTT"),
  Buffer.from([4, 2, 0, 60, 0, DEVICE_ID.length]),
  Buffer.from(DEVICE_ID),
]);

type Credentials = { port: number; ca: string; cert: string; key: string };

/** Starts a virtual node, lets the abusers loose on it, and has one honest device connect all the while. */
export async function runAbusers({ abusers, seconds, directory }: AbuseOptions): Promise<AbuseReport> {
  const dataDirectory = join(directory, "host");
  const host = new HostProcess({ dataDirectory }, directory);
  const listening = await host.listening();
  const credentials = await enrolHonest(listening, { dataDirectory, directory });
  const before = await connects(credentials, (count) => count < CONNECTS_BEFORE);
  const rssMegabytesBefore = rssMegabytes(host.pid());
  const child = fork(ABUSERS, ["127.0.0.1", String(listening.ports.mqtt), String(abusers)]);
  let [attempts, openMax, rssMegabytesMax] = [0, 0, 0];
  child.on("message", (message: { attempts: number; open: number }) => {
    attempts = message.attempts;
    openMax = Math.max(openMax, message.open);
    rssMegabytesMax = Math.max(rssMegabytesMax, rssMegabytes(host.pid()));
  });
  const endMs = performance.now() + 1_000 * seconds;
  const during = await connects(credentials, () => performance.now() < endMs);
  child.disconnect();
  await new Promise((resolve) => child.once("exit", resolve));
  await host.close();
  const failures = during.filter((ms) => ms === undefined).length;
  return {
    abusers,
    attempts,
    openMax,
    connects: during.length,
    connectFailures: failures,
    connectMs: spread(during),
    connectMsBefore: spread(before),
    rssMegabytesBefore,
    rssMegabytesMax,
  };
}

async function enrolHonest(
  { ports, caPem }: Listening,
  { dataDirectory, directory }: { dataDirectory: string; directory: string },
): Promise<Credentials> {
  const key = signingKeyFromSeed(new SeededRandom("abusers").bytes(SEED_BYTES));
  const disk = nodeDisk(dataDirectory);
  const token = await issueEnrolmentToken({ deviceId: DEVICE_ID, feeder: "F1" }, { disk, random: systemRandom });
  const url = `https://127.0.0.1:${ports.enrolment}/enrol`;
  const modules = { disk: nodeDisk(join(directory, "device")), key, post: httpsPost(caPem) };
  const { certificatePem } = await enrol({ deviceId: DEVICE_ID, url, token, resources: [] }, modules);
  return { port: ports.mqtt, ca: caPem, cert: certificatePem, key: privateKeyPem(key) };
}

/** How long each connection took in ms; undefined for one that did not come about. */
async function connects(credentials: Credentials, goesOn: (count: number) => boolean): Promise<(number | undefined)[]> {
  const times: (number | undefined)[] = [];
  while (goesOn(times.length)) {
    times.push(await connectMs(credentials));
    await sleep(wallClock(), CONNECT_PAUSE_MS);
  }
  return times;
}

function connectMs(credentials: Credentials): Promise<number | undefined> {
  const startedAtMs = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", ...credentials }, () => socket.write(CONNECT));
    const timer = wallClock().after(CONNECT_TIMEOUT_MS, () => socket.destroy());
    let ms: number | undefined;
    socket.once("data", () => {
      ms = performance.now() - startedAtMs;
      socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.once("close", () => {
      timer.cancel();
      resolve(ms);
    });
  });
}

/** A connection that did not come about took as long as a device waits for it. */
function spread(times: readonly (number | undefined)[]): { p50: number; p99: number; max: number } {
  const sorted = times.map((ms) => Math.round(ms ?? CONNECT_TIMEOUT_MS)).sort((left, right) => left - right);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), max: at(1) };
}

/** Of a process of this machine, as Linux tells it. */
function rssMegabytes(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round((Number(kibibytes) * 1_024) / 1_000_000);
}
