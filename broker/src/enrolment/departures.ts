import type { DeviceRegistry } from "./device-registry.ts";

/** Where a device goes, and its signature over `consentSigningBytes` of the `releaseHash`, in hex. */
export type Release = { toVnId: string; consentSignatureHex: string };

/** What the node settles with a device, in words; undefined when nothing is open. */
export type OpenBusiness = (deviceId: string) => string | undefined;

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

/** How devices leave this node for another one, and how they come back when that one does not take them. */
export class Departures {
  readonly #registry: DeviceRegistry;
  readonly #onChanged: () => void;
  readonly #onGone: (deviceId: string) => void;
  readonly #openBusiness: OpenBusiness[] = [];

  constructor(modules: { registry: DeviceRegistry; onChanged: () => void; onGone: (deviceId: string) => void }) {
    this.#registry = modules.registry;
    this.#onChanged = modules.onChanged;
    this.#onGone = modules.onGone;
  }

  /** Who settles with devices says whether one must stay. */
  hold(openBusiness: OpenBusiness): void {
    this.#openBusiness.push(openBusiness);
  }

  /** Why a device cannot go now, in words; undefined when it can. */
  heldBy(deviceId: string): string | undefined {
    return this.#openBusiness.map((each) => each(deviceId)).find((reason) => reason !== undefined);
  }

  /** @throws DepartureError DEVICE_NOT_MEMBER, DEVICE_HAS_CONTRACTS */
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
    this.#onChanged();
  }

  /** @throws DepartureError DEVICE_NOT_RELEASED */
  async takeBack(deviceId: string): Promise<void> {
    const release = this.#registry.find(deviceId)?.release;
    if (!release || release.isGone) {
      throw new DepartureError("DEVICE_NOT_RELEASED", `${deviceId} is not on its way to another node`);
    }
    if (!release.isReclaimed) await this.#registry.change(deviceId, { release: { ...release, isReclaimed: true } });
    this.#onChanged();
  }

  /** @throws DepartureError DEVICE_NOT_RELEASED */
  async noteArrival(deviceId: string): Promise<void> {
    const release = this.#registry.find(deviceId)?.release;
    if (!release) throw new DepartureError("DEVICE_NOT_RELEASED", `${deviceId} has not been released`);
    if (release.isGone) return;
    await this.#registry.change(deviceId, { release: { ...release, isOnLedger: true, isGone: true } });
    this.#onGone(deviceId);
  }
}
