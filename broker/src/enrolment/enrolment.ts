import type { Clock, Disk, Log, Random } from "@gridpact/host";
import { type Authority, issueCertificate, type Validity } from "@gridpact/ledger";
import type { Engine } from "@gridpact/native";
import {
  type EnrolmentRequest,
  encode,
  enrolmentSigningBytes,
  isDeviceId,
  isEnrollableKey,
  RESOURCE_KIND,
  type Resource,
  verifyZip215,
} from "@gridpact/proto";
import { OneAtATime } from "../background/index.ts";
import { RefusalCounter } from "../refusal/index.ts";
import type { Arrivals } from "./arrivals.ts";
import type { DeviceRecord, DeviceRegistry } from "./device-registry.ts";
import { findEnrolmentToken, type TokenGrant, useUpEnrolmentToken } from "./enrolment-token.ts";

/** Why a device was not enrolled: metric label and problem code. */
export type EnrolmentRefusal =
  | "device_id_invalid"
  | "resources_invalid"
  | "token_unknown"
  | "key_not_enrollable"
  | "proof_invalid"
  | "enrolled_with_other_key"
  | "revoked"
  | "released"
  | "registry_full"
  | "key_not_granted"
  | "release_pending"
  | "ledger_refused"
  | "busy";

/** `certificatePem` is also the device's identity on the ledger; by `caPem` it knows the node's servers. */
export type EnrolmentOutcome =
  | { isEnrolled: true; certificatePem: string; caPem: string }
  | { isEnrolled: false; reason: EnrolmentRefusal };

/** Things that one device steers; a house has a handful. */
export const RESOURCES_MAX = 16;

/** Enrolments waiting for their turn; each takes a few ms and a sync, and a whole district starts at once. */
export const ENROLMENTS_WAITING_MAX = 1_024;

const RESOURCE_ID_PATTERN = /^[a-z0-9-]{1,64}$/;

export type EnrolmentModules = {
  clock: Clock;
  random: Random;
  disk: Disk;
  log: Log;
  authority: Authority;
  /** Of the certificates that are issued. */
  validity: Validity;
  registry: DeviceRegistry;
  engine: Engine;
  arrivals: Arrivals;
  /** Told of each new device once it is durable. */
  onEnrolled: () => void;
};

/** Makes devices members of this virtual node, one at a time. */
export class Enrolment {
  readonly #vnId: string;
  readonly #modules: EnrolmentModules;
  readonly #refusals: RefusalCounter<EnrolmentRefusal>;
  readonly #turns = new OneAtATime();
  #waiting = 0;

  constructor(vnId: string, modules: EnrolmentModules) {
    this.#vnId = vnId;
    this.#modules = modules;
    this.#refusals = new RefusalCounter("enrolment_refused", modules.log);
  }

  /**
   * Checks the token and the proof of possession, keeps the device durably and issues its certificate. The same key
   * again gets the same certificate again, token or not: its proof shows that it is the same device.
   * Rejects when the disk does not take it; the device asks again.
   */
  async enrol(request: EnrolmentRequest): Promise<EnrolmentOutcome> {
    if (this.#waiting >= ENROLMENTS_WAITING_MAX) return this.#refuse(request, "busy");
    this.#waiting += 1;
    try {
      return await this.#turns.run(() => this.#enrol(request));
    } finally {
      this.#waiting -= 1;
    }
  }

  refusals(): Partial<Record<EnrolmentRefusal, number>> {
    return this.#refusals.counts();
  }

  /** A device that is here needs no token, one that comes or comes back does; all prove that they have the key. */
  async #enrol(request: EnrolmentRequest): Promise<EnrolmentOutcome> {
    const known = this.#modules.registry.find(request.deviceId);
    const isHere = known !== undefined && !(known.revocation === null && known.release?.isGone === true);
    const grant = isHere ? undefined : await findEnrolmentToken(this.#modules.disk, request.token);
    const refusal = isHere || (known && !grant) ? knownRefusal(request, known) : this.#newcomerRefusal(request, grant);
    const reason = refusal ?? (grant?.publicKeyHex === undefined ? undefined : this.#arrivalRefusal(request));
    if (reason !== undefined) return this.#refuse(request, reason);
    const certificatePem = isHere ? known.certificatePem : await this.#admit(request, grant as TokenGrant);
    return { isEnrolled: true, certificatePem, caPem: this.#modules.authority.certificatePem };
  }

  /** A device of another node is told that it is enrolled when the ledger says so, and not before. */
  #arrivalRefusal(request: EnrolmentRequest): EnrolmentRefusal | undefined {
    const state = this.#modules.arrivals.ask(request);
    if (state === "enrolled") return undefined;
    return ({ asking: "release_pending", busy: "busy", refused: "ledger_refused" } as const)[state];
  }

  /** Cheap checks first; the token comes before the curve arithmetic, so strangers get no work out of this. */
  #newcomerRefusal(request: EnrolmentRequest, grant: TokenGrant | undefined): EnrolmentRefusal | undefined {
    if (!isDeviceId(request.deviceId)) return "device_id_invalid";
    if (grant?.deviceId !== request.deviceId) return "token_unknown";
    const keyHex = Buffer.from(request.publicKey).toString("hex");
    if (grant.publicKeyHex !== undefined && grant.publicKeyHex !== keyHex) return "key_not_granted";
    if (!areResourcesValid(request.resources)) return "resources_invalid";
    if (!isEnrollableKey(request.publicKey)) return "key_not_enrollable";
    if (!isProofValid(request)) return "proof_invalid";
    return this.#modules.registry.isFull() ? "registry_full" : undefined;
  }

  /** Durable first, then known to the engine: nothing of a device is accepted that a restart would forget. */
  async #admit(request: EnrolmentRequest, grant: TokenGrant): Promise<string> {
    const { registry, engine, clock, disk, authority, validity, log, onEnrolled } = this.#modules;
    const { deviceId, publicKey, resources, token } = request;
    const known = registry.find(deviceId);
    const attributes = { role: "prosumer", vnId: this.#vnId, deviceId };
    const certificatePem = issueCertificate(
      { authority, commonName: deviceId, publicKey, kind: "client", attributes, validity },
      this.#modules,
    );
    await registry.add({
      deviceId,
      publicKeyHex: Buffer.from(publicKey).toString("hex"),
      feeder: grant.feeder,
      resources,
      certificatePem,
      requestHex: Buffer.from(encode("EnrolmentRequest", request)).toString("hex"),
      enrolledAtUnixMs: clock.nowUnixMs(),
      returns: known === undefined ? 0 : known.returns + 1,
      // A device of another node was enrolled on the ledger before it was here.
      registration: grant.publicKeyHex === undefined ? "pending" : "registered",
      revocation: null,
      release: null,
    });
    // After a crash right here the token is left over, but the device it is for is known by then.
    await useUpEnrolmentToken(disk, token);
    engine.enrol([{ deviceId, publicKey: new Uint8Array(publicKey), feeder: grant.feeder }]);
    log.info("device_enrolled", { deviceId, feeder: grant.feeder });
    onEnrolled();
    return certificatePem;
  }

  #refuse(request: EnrolmentRequest, reason: EnrolmentRefusal): EnrolmentOutcome {
    // Anyone may ask to enrol: an id that is none goes into no log.
    this.#refusals.count(reason, { deviceId: isDeviceId(request.deviceId) ? request.deviceId : undefined });
    return { isEnrolled: false, reason };
  }
}

/** Without the proof anybody could ask for the certificate, which is public anyway, and learn who is enrolled. */
function knownRefusal(request: EnrolmentRequest, known: DeviceRecord): EnrolmentRefusal | undefined {
  if (known.revocation !== null) return "revoked";
  if (known.release !== null) return "released";
  if (Buffer.from(request.publicKey).toString("hex") !== known.publicKeyHex) return "enrolled_with_other_key";
  return isProofValid(request) ? undefined : "proof_invalid";
}

function isProofValid(request: EnrolmentRequest): boolean {
  return verifyZip215(request.publicKey, enrolmentSigningBytes(request), request.proofOfPossession);
}

/** What the VN's selection relies on; whether a device can really do it shows in the first event. */
function areResourcesValid(resources: readonly Resource[]): boolean {
  const ids = new Set(resources.map(({ resourceId }) => resourceId));
  const isKnownKind = ({ kind }: Resource) => kind > RESOURCE_KIND.UNSPECIFIED && kind <= RESOURCE_KIND.EV;
  return (
    resources.length <= RESOURCES_MAX &&
    ids.size === resources.length &&
    resources.every((resource) => RESOURCE_ID_PATTERN.test(resource.resourceId) && isKnownKind(resource))
  );
}
