import { type Clock, type Disk, type Log, type Random, sleep } from "@gridpact/host";
import type { Resource } from "@gridpact/proto";
import { EnrolmentError, enrol, openDeviceKey, type Post, privateKeyPem } from "../enrol/index.ts";
import { Feid, type FeidStats, type OpenSite } from "../feid/index.ts";
import { backoffMs, type MqttUplinkOptions, type Uplink } from "../uplink/index.ts";
import type { FeidHostConfig } from "./config.ts";

/** What stands behind a device: how to get at it, and what it tells the virtual node at enrolment. */
export type HostedSite = { openSite: OpenSite; resources: Resource[] };

export type FeidHostModules = {
  /** Time of the devices; may be accelerated. */
  clock: Clock;
  /** Time of the network: pauses between attempts. */
  networkClock: Clock;
  random: Random;
  log: Log;
  /** A disk of each device's own. */
  diskOf: (deviceId: string) => Disk;
  siteOf: (deviceId: string) => HostedSite;
  post: Post;
  uplinkOf: (options: MqttUplinkOptions) => Uplink;
};

/** Where one device stands. `reason` is for people. */
export type HostedDevice = { deviceId: string } & (
  | { state: "starting" }
  | { state: "running"; stats: FeidStats }
  | { state: "failed"; reason: string }
);

export type FeidHost = {
  /** Resolves when every device runs or has failed; it never rejects. */
  ready: Promise<void>;
  devices(): HostedDevice[];
  /** Stops all devices in good order; what they had not sent stays on their disks. */
  stop(): Promise<void>;
};

/**
 * Devices that enrol and open at once. Enough to start a district in seconds, few enough not to be a flood for the
 * virtual node.
 */
const STARTING_MAX = 16;

/**
 * Runs many devices in one process, each with its own key, disk and connection. One that fails leaves the others alone;
 * a virtual node that cannot be reached yet is waited for.
 */
export function runFeidHost(config: FeidHostConfig, modules: FeidHostModules): FeidHost {
  const slots = config.devices.map((device) => new Slot(device, config, modules));
  const waiting = [...slots];
  const startOneByOne = async () => {
    for (let slot = waiting.shift(); slot !== undefined; slot = waiting.shift()) await slot.start();
  };
  const ready = Promise.all(Array.from({ length: STARTING_MAX }, startOneByOne)).then(() => undefined);
  return {
    ready,
    devices: () => slots.map((slot) => slot.show()),
    async stop() {
      const stops = slots.map((slot) => slot.stop());
      await ready;
      await Promise.all(stops);
    },
  };
}

/** One device of the process, from its first start to its end. */
class Slot {
  readonly #device: FeidHostConfig["devices"][number];
  readonly #config: FeidHostConfig;
  readonly #modules: FeidHostModules;
  #feid: Feid | undefined;
  #failure: unknown;
  #isStopped = false;

  constructor(device: FeidHostConfig["devices"][number], config: FeidHostConfig, modules: FeidHostModules) {
    this.#device = device;
    this.#config = config;
    this.#modules = modules;
  }

  /** Never rejects: what went wrong is shown. */
  async start(): Promise<void> {
    const { deviceId } = this.#device;
    try {
      const feid = await this.#open();
      if (feid === undefined || this.#isStopped) return await feid?.stop();
      this.#feid = feid;
      feid.start();
    } catch (error) {
      this.#failure = error;
      this.#modules.log.error("device_not_started", { deviceId, error: String(error) });
    }
  }

  /** Its state, for status pages and totals. */
  show(): HostedDevice {
    const { deviceId } = this.#device;
    if (this.#failure !== undefined) return { deviceId, state: "failed", reason: String(this.#failure) };
    if (this.#feid === undefined) return { deviceId, state: "starting" };
    return { deviceId, state: "running", stats: this.#feid.stats() };
  }

  /** A device that is just starting is stopped by `start` itself. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#feid?.stop();
  }

  /** Opens the device with its history signed; undefined when it was stopped meanwhile. */
  async #open(): Promise<Feid | undefined> {
    const { deviceId } = this.#device;
    const { clock, random, log, diskOf, siteOf, uplinkOf } = this.#modules;
    const { readingPeriodMs, mtuMs, mqttHost, historyFromUnixMs } = this.#config;
    const disk = diskOf(deviceId);
    const key = await openDeviceKey(disk, random);
    const site = siteOf(deviceId);
    const membership = await this.#enrol({ disk, key, resources: site.resources });
    if (membership === undefined) return undefined;
    const { certificatePem, caPem, mqttPort } = membership;
    const feid = await Feid.open(
      { deviceId, readingPeriodMs, mtuMs, reduceWMax: site.resources.reduce((sum, each) => sum + each.reduceWMax, 0n) },
      {
        clock,
        disk,
        key,
        log,
        openSite: site.openSite,
        uplink: uplinkOf({
          deviceId,
          host: mqttHost,
          port: mqttPort,
          certificatePem,
          keyPem: privateKeyPem(key),
          caPem,
        }),
        onFailure: (error) => {
          this.#failure = error;
        },
      },
    );
    if (historyFromUnixMs !== undefined) await feid.backfill(historyFromUnixMs, clock.nowUnixMs());
    return feid;
  }

  /** Waits for a virtual node that is not there yet; whatever else is wrong needs a person. */
  async #enrol(own: Pick<Parameters<typeof enrol>[1], "disk" | "key"> & Pick<HostedSite, "resources">) {
    const { deviceId, token } = this.#device;
    const { networkClock, random, log, post } = this.#modules;
    const { disk, key, resources } = own;
    for (let failedAttempts = 0; !this.#isStopped; failedAttempts++) {
      try {
        return await enrol({ deviceId, url: this.#config.enrolmentUrl, token, resources }, { disk, key, post });
      } catch (error) {
        if (!(error instanceof EnrolmentError && error.code === "ENROLMENT_UNREACHABLE")) throw error;
        log.warn("enrolment_unreachable", { deviceId, failedAttempts });
        await sleep(networkClock, backoffMs(failedAttempts, random));
      }
    }
    return undefined;
  }
}
