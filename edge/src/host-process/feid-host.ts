import { type Clock, type Disk, type Log, type Random, sleep } from "@gridpact/host";
import type { Resource } from "@gridpact/proto";
import { type AgreedMove, type ConsentPolicy, MoveBook, PENALTY_CAP_MICRO_MAX_DEFAULT } from "../consent/index.ts";
import {
  EnrolmentError,
  enrol,
  type Membership,
  openDeviceKey,
  type Post,
  privateKeyPem,
  storeMembership,
} from "../enrol/index.ts";
import { Feid, type FeidStats, type OpenSite } from "../feid/index.ts";
import { backoffMs, type MqttUplinkOptions, type Uplink } from "../uplink/index.ts";
import type { FeidHostConfig } from "./config.ts";
import { type MovingDevice, moveDevice } from "./move-device.ts";

/** What stands behind a device: how to get at it, and what it tells the virtual node at enrolment. */
export type HostedSite = { openSite: OpenSite; resources: Resource[] };

/** `diskOf` and `siteOf` are asked again when a device starts anew at another node; both MUST give it the same. */
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

/** All devices of the process, for whoever started it and shows how they are. */
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
  /** The move that is being carried out; a newer one replaces it. */
  #move: AgreedMove | undefined;
  /** Stops at one node and starts at the other. */
  #switching: Promise<void> | undefined;

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
    await this.#switching;
    await this.#feid?.stop();
  }

  /** Opens the device with its history signed; undefined when it was stopped meanwhile. */
  async #open(): Promise<Feid | undefined> {
    const { deviceId, balances = false } = this.#device;
    const { clock, random, log, diskOf, siteOf, uplinkOf } = this.#modules;
    const { readingPeriodMs, mtuMs, historyFromUnixMs } = this.#config;
    const disk = diskOf(deviceId);
    const key = await openDeviceKey(disk, random);
    const { resources, openSite } = siteOf(deviceId);
    const membership = await this.#enrol({ disk, key, resources });
    if (membership === undefined) return undefined;
    await this.#endMoveOf(membership, disk);
    const reduceWMax = resources.reduce((sum, each) => sum + each.reduceWMax, 0n);
    const feid = await Feid.open(
      { deviceId, readingPeriodMs, mtuMs, reduceWMax, balances, consent: this.#consentPolicy() },
      {
        clock,
        disk,
        key,
        log,
        openSite,
        uplink: uplinkOf(this.#uplinkOptions(membership, privateKeyPem(key))),
        onFailure: (error) => {
          this.#failure = error;
        },
        onMove: (move) => void this.#carryOut(move, { deviceId, key, resources }),
      },
    );
    if (historyFromUnixMs !== undefined) await feid.backfill(historyFromUnixMs, clock.nowUnixMs());
    return feid;
  }

  #uplinkOptions({ certificatePem, caPem, mqttPort, movedTo }: Membership, keyPem: string): MqttUplinkOptions {
    const host = movedTo?.mqttHost ?? this.#config.mqttHost;
    return { deviceId: this.#device.deviceId, host, port: mqttPort, certificatePem, keyPem, caPem };
  }

  /** Only nodes of the authority that this process was configured with are moved to. */
  #consentPolicy(): ConsentPolicy {
    const { caPem, acceptsMoves } = this.#config;
    const moves = acceptsMoves === true ? { moves: { authorityPem: caPem } } : {};
    return { penaltyCapMicroMax: PENALTY_CAP_MICRO_MAX_DEFAULT, ...moves };
  }

  /** The membership is durable before the move ends, so a process that is killed between them ends it here. */
  async #endMoveOf({ movedTo }: Membership, disk: Disk): Promise<void> {
    const book = await MoveBook.open(disk);
    const move = book.agreed();
    if (move !== undefined && move.toVnId === movedTo?.vnId) await book.arrive(this.#modules.clock.nowUnixMs());
  }

  /** Never rejects. Being told of the same move again changes nothing. */
  async #carryOut(move: AgreedMove, device: MovingDevice): Promise<void> {
    if (this.#move?.token === move.token) return;
    this.#move = move;
    const isWanted = () => !this.#isStopped && this.#move === move && this.#failure === undefined;
    try {
      const end = await moveDevice(move, device, { ...this.#modules, isWanted });
      if (end === undefined || !isWanted()) return;
      this.#move = undefined;
      this.#modules.log.info("move_ended", { deviceId: device.deviceId, toVnId: move.toVnId, end: end.kind });
      if (end.kind === "stayed") return await this.#feid?.stay();
      this.#switching = this.#switchTo(end.membership);
      await this.#switching;
    } catch (error) {
      this.#failure = error;
      this.#modules.log.error("move_failed", { deviceId: device.deviceId, error: String(error) });
    }
  }

  /** Stops, and goes on as a member of the other node with what it had not sent. */
  async #switchTo(membership: Membership): Promise<void> {
    await this.#feid?.stop();
    await storeMembership(this.#modules.diskOf(this.#device.deviceId), membership);
    this.#feid = undefined;
    await this.start();
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
