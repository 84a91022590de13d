import { strict as assert } from "node:assert";
import type { Disk } from "@gridpact/host";
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
  registration: LedgerRegistration;
  /** Null as long as the key is good. A revoked device never comes back; its owner enrols a new id. */
  revocation: { reason: string; isOnLedger: boolean } | null;
  /** Where the device has gone, by its own signature; null while it is here. It comes back as another node's would. */
  release: { toVnId: string; consentSignatureHex: string; isOnLedger: boolean } | null;
};

/** Whether the node still takes what the device sends. */
export function isMember({ revocation, release }: Pick<DeviceRecord, "revocation" | "release">): boolean {
  return revocation === null && release === null;
}

/** Devices of one virtual node. Beyond it a district is split, as the broker's connections are bounded too. */
export const DEVICES_MAX = 16_384;

const DIRECTORY = "enrolment/devices";

/** Durable list of devices: one file each, replaced at each change, so a full disk breaks nothing. */
export class DeviceRegistry {
  readonly #disk: Disk;
  readonly #devices = new Map<string, DeviceRecord>();
  readonly #changes = new OneAtATime();

  private constructor(disk: Disk) {
    this.#disk = disk;
  }

  static async open(disk: Disk): Promise<DeviceRegistry> {
    const registry = new DeviceRegistry(disk);
    for (const name of await disk.list(DIRECTORY)) {
      const bytes = (await disk.read(`${DIRECTORY}/${name}`)) ?? new Uint8Array();
      const device = decodeRecord(bytes);
      registry.#devices.set(device.deviceId, device);
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

  isFull(): boolean {
    return this.#devices.size >= DEVICES_MAX;
  }

  /** Resolves when the new device is durable. */
  add(device: DeviceRecord): Promise<void> {
    return this.#changes.run(async () => {
      assert(!this.#devices.has(device.deviceId) && !this.isFull(), "one enrolment for each device");
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
    this.#devices.set(device.deviceId, device);
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
  // Records from before devices could move name no release.
  return { ...device, release: device.release ?? null, resources };
}
