import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
import { type PackedDeviceId, packDeviceId } from "@gridpact/native";
import type { Resource } from "@gridpact/proto";
import { OneAtATime } from "../background/index.ts";

/** `refused`: the contract would not have the device, which an operator must look at. */
export type LedgerRegistration = "pending" | "registered" | "refused";

/** A device of this virtual node, enrolled at some time. */
export type DeviceRecord = {
  deviceId: string;
  /** Ed25519, 32 bytes. */
  publicKeyHex: string;
  /** Feeder (or bus group) of the connection point. */
  feeder: string;
  resources: Resource[];
  /** Client certificate, also the device's identity on the ledger. */
  certificatePem: string;
  /** EnrolmentRequest as received: the proof of possession for the ledger. */
  requestHex: string;
  enrolledAtUnixMs: number;
  /** How many times it has come back from another node. */
  returns: number;
  registration: LedgerRegistration;
  /** Null as long as the key is good. A revoked device never comes back; its owner enrols a new id. */
  revocation: { reason: string; isOnLedger: boolean } | null;
  /** Where the device goes, or has gone, by its own signature; null while it is here. */
  release: DeviceRelease | null;
};

/**
 * A device between two nodes. Every arrow is durable; only one that the ledger confirms ends the state.
 * ```
 * null --release--> released --noteArrival: the other has enrolled it--> gone --token of a new move--> null
 *  ^                   |  ^---------- refused: the other was first ---------+
 *  +-- taken back -----+
 * ```
 */
export type DeviceRelease = {
  toVnId: string;
  consentSignatureHex: string;
  isOnLedger: boolean;
  /** The node wants it back, as the other has not enrolled it in time. */
  isReclaimed: boolean;
  /** The other node has it: it comes back only as another node's device would. */
  isGone: boolean;
};

/** Whether the node still takes what the device sends. */
export function isMember({ revocation, release }: Pick<DeviceRecord, "revocation" | "release">): boolean {
  return revocation === null && release === null;
}

/** Neither here nor there yet: what it sends is neither taken nor refused, so it keeps it. */
export function isLeaving({ revocation, release }: Pick<DeviceRecord, "revocation" | "release">): boolean {
  return revocation === null && release !== null && !release.isGone;
}

/** Devices of one virtual node. Beyond it a district is split, as the broker's connections are bounded too. */
export const DEVICES_MAX = 16_384;

const DIRECTORY = "enrolment/devices";

/** Durable list of devices: one file each, replaced at each change, so a full disk breaks nothing. */
export class DeviceRegistry {
  readonly #disk: Disk;
  readonly #devices = new Map<string, DeviceRecord>();
  /** Asked for each envelope, and nearly always empty. */
  readonly #leaving = new Map<string, PackedDeviceId>();
  readonly #changes = new OneAtATime();

  private constructor(disk: Disk) {
    this.#disk = disk;
  }

  static async open(disk: Disk): Promise<DeviceRegistry> {
    const registry = new DeviceRegistry(disk);
    for (const name of await disk.list(DIRECTORY)) {
      const bytes = (await disk.read(`${DIRECTORY}/${name}`)) ?? new Uint8Array();
      const device = decodeRecord(bytes);
      registry.#show(device);
    }
    return registry;
  }

  find(deviceId: string): DeviceRecord | undefined {
    return this.#devices.get(deviceId);
  }

  /** All devices ever enrolled. */
  all(): DeviceRecord[] {
    return [...this.#devices.values()];
  }

  /** Devices between two nodes, as the engine writes their ids. */
  leaving(): ReadonlyMap<string, PackedDeviceId> {
    return this.#leaving;
  }

  isFull(): boolean {
    return this.#devices.size >= DEVICES_MAX;
  }

  /** Resolves when the device is durable: a new one, or one that had gone and comes back. */
  add(device: DeviceRecord): Promise<void> {
    return this.#changes.run(async () => {
      const known = this.#devices.get(device.deviceId);
      const isFree = known === undefined ? !this.isFull() : known.release?.isGone === true;
      assert(isFree, "one enrolment for each device");
      await this.#keep(device);
    });
  }

  /** Resolves when the change is durable. */
  change(
    deviceId: string,
    change: Partial<Pick<DeviceRecord, "registration" | "revocation" | "release">>,
  ): Promise<void> {
    return this.#changes.run(async () => {
      const known = this.#devices.get(deviceId);
      assert(known !== undefined, `no device ${deviceId}`);
      await this.#keep({ ...known, ...change });
    });
  }

  async #keep(device: DeviceRecord): Promise<void> {
    await this.#disk.replace(`${DIRECTORY}/${device.deviceId}.json`, encodeRecord(device));
    this.#show(device);
  }

  #show(device: DeviceRecord): void {
    this.#devices.set(device.deviceId, device);
    if (isLeaving(device)) this.#leaving.set(device.deviceId, packDeviceId(device.deviceId));
    else this.#leaving.delete(device.deviceId);
  }
}

function encodeRecord(device: DeviceRecord): Uint8Array {
  return Buffer.from(JSON.stringify(device, (_, value) => (typeof value === "bigint" ? value.toString() : value)));
}

function decodeRecord(bytes: Uint8Array): DeviceRecord {
  const device = JSON.parse(Buffer.from(bytes).toString()) as DeviceRecord;
  const resources = device.resources.map((resource) => ({
    ...resource,
    reduceWMax: BigInt(resource.reduceWMax),
    reduceWhMax: BigInt(resource.reduceWhMax),
  }));
  // Records from before devices could move name no release, and from before they could be taken back all had gone.
  const beforeMoves = { isReclaimed: false, isGone: true };
  const release = device.release == null ? null : Object.assign(beforeMoves, device.release);
  return { ...device, returns: device.returns ?? 0, release, resources };
}
