import type { Disk, Random } from "@gridpact/host";
import { encode, moveSigningBytes } from "@gridpact/proto";
import type { DeviceRecord, DeviceRegistry } from "./device-registry.ts";
import { issueEnrolmentToken, withdrawArrivalTokens } from "./enrolment-token.ts";
import type { CertifiedKey } from "./key-files.ts";

/** Where a device goes, and its signature over `consentSigningBytes` of the `releaseHash`, in hex. */
export type Release = { toVnId: string; consentSignatureHex: string };

/** What the node settles with a device, in words; undefined when nothing is open. */
export type OpenBusiness = (deviceId: string) => string | undefined;

/**
 * `DEVICE_NOT_MEMBER`: unknown, not on the ledger, revoked, or on its way already. `DEVICE_HAS_CONTRACTS`: something is
 * to be settled with it first. `DEVICE_NOT_RELEASED`: there is nothing to take back, or to note the end of.
 */
export type DepartureErrorCode = "DEVICE_NOT_MEMBER" | "DEVICE_HAS_CONTRACTS" | "DEVICE_NOT_RELEASED";

/** A device cannot go, or not come back, as it stands. */
export class DepartureError extends Error {
  readonly code: DepartureErrorCode;

  constructor(code: DepartureErrorCode, message: string) {
    super(message);
    this.name = "DepartureError";
    this.code = code;
  }
}

/** A device of another node that may come, and where it finds this one. */
export type TicketGrant = {
  deviceId: string;
  publicKeyHex: string;
  feeder: string;
  enrolmentUrl: string;
  mqttHost: string;
};

export type DeviceMoveModules = {
  disk: Disk;
  random: Random;
  registry: DeviceRegistry;
  /** What the node signs its words to devices with. */
  statementKey: CertifiedKey;
  /** Of the node and its devices. */
  authorityPem: string;
  /** Told when the ledger has to hear something. */
  onChanged: () => void;
  /** Told of a device that the other node has. */
  onGone: (deviceId: string) => void;
};

/**
 * How devices leave this node for another one, come back when that one does not take them, and come here from others.
 * What a device that leaves sends meanwhile is not acknowledged, so it keeps it for whoever has it next.
 */
export class DeviceMoves {
  readonly #vnId: string;
  readonly #modules: DeviceMoveModules;
  readonly #registry: DeviceRegistry;
  readonly #openBusiness: OpenBusiness[] = [];

  constructor(vnId: string, modules: DeviceMoveModules) {
    this.#vnId = vnId;
    this.#modules = modules;
    this.#registry = modules.registry;
  }

  find(deviceId: string): DeviceRecord | undefined {
    return this.#registry.find(deviceId);
  }

  /** What the node says to a device: an encoded NodeStatement. */
  statement(message: "MoveOffer" | "MoveTicket", payload: Uint8Array): Uint8Array {
    const { key, certificatePem } = this.#modules.statementKey;
    return encode("NodeStatement", {
      payload,
      signature: key.sign(moveSigningBytes(message, payload)),
      certificatePem,
    });
  }

  /** Issues a token that only the device with this key can use, and gives it as a ticket: an encoded NodeStatement. */
  async issueTicket({ deviceId, publicKeyHex, feeder, enrolmentUrl, mqttHost }: TicketGrant): Promise<Uint8Array> {
    const token = await issueEnrolmentToken({ deviceId, feeder, publicKeyHex }, this.#modules);
    const publicKey = Buffer.from(publicKeyHex, "hex");
    const { authorityPem } = this.#modules;
    const ticket = { deviceId, publicKey, vnId: this.#vnId, token, enrolmentUrl, mqttHost, authorityPem };
    return this.statement("MoveTicket", encode("MoveTicket", ticket));
  }

  /** Withdraws the tickets that were issued for a device. */
  withdrawTickets(deviceId: string): Promise<void> {
    return withdrawArrivalTokens(this.#modules.disk, deviceId);
  }

  /** Who settles with devices says whether one must stay. */
  hold(openBusiness: OpenBusiness): void {
    this.#openBusiness.push(openBusiness);
  }

  /** Why a device cannot go now, in words; undefined when it can. */
  heldBy(deviceId: string): string | undefined {
    return this.#openBusiness.map((each) => each(deviceId)).find((reason) => reason !== undefined);
  }

  /**
   * Lets a device go to another node, by its own signature: here at once, on the ledger soon, and only then can the
   * other enrol it. The same release again changes nothing.
   * @throws DepartureError DEVICE_NOT_MEMBER, or DEVICE_HAS_CONTRACTS while something is to be settled with it here
   */
  async release(deviceId: string, { toVnId, consentSignatureHex }: Release): Promise<void> {
    const device = this.#registry.find(deviceId);
    if (device === undefined || device.registration !== "registered" || device.revocation !== null) {
      throw new DepartureError("DEVICE_NOT_MEMBER", `${deviceId} is no member of this node on the ledger`);
    }
    if (device.release?.consentSignatureHex === consentSignatureHex) return;
    if (device.release !== null) throw new DepartureError("DEVICE_NOT_MEMBER", `${deviceId} is on its way already`);
    const reason = this.heldBy(deviceId);
    if (reason !== undefined) throw new DepartureError("DEVICE_HAS_CONTRACTS", `${deviceId} cannot go yet: ${reason}`);
    const release = { toVnId, consentSignatureHex, isOnLedger: false, isReclaimed: false, isGone: false };
    await this.#registry.change(deviceId, { release });
    this.#modules.onChanged();
  }

  /**
   * Wants a released device back. The ledger decides: it is a member again, or it is the other node's for good.
   * @throws DepartureError DEVICE_NOT_RELEASED
   */
  async takeBack(deviceId: string): Promise<void> {
    const release = this.#registry.find(deviceId)?.release;
    if (!release || release.isGone) {
      throw new DepartureError("DEVICE_NOT_RELEASED", `${deviceId} is not on its way to another node`);
    }
    if (!release.isReclaimed) await this.#registry.change(deviceId, { release: { ...release, isReclaimed: true } });
    this.#modules.onChanged();
  }

  /**
   * The ledger has the device at the other node: what it sends here is refused for good.
   * @throws DepartureError DEVICE_NOT_RELEASED
   */
  async noteArrival(deviceId: string): Promise<void> {
    const release = this.#registry.find(deviceId)?.release;
    if (!release) throw new DepartureError("DEVICE_NOT_RELEASED", `${deviceId} has not been released`);
    if (release.isGone) return;
    await this.#registry.change(deviceId, { release: { ...release, isOnLedger: true, isGone: true } });
    this.#modules.onGone(deviceId);
  }
}
