import type { Log } from "@gridpact/host";
import { BackgroundTask } from "../background/index.ts";
import { contractRefusal, type LedgerOutbox } from "../ledger-outbox.ts";
import type { DeviceRecord, DeviceRegistry, DeviceRelease } from "./device-registry.ts";

/** Acts under way at once: enough to fill a block, few enough for the outbox's queue. */
export const ACTS_AT_ONCE_MAX = 32;

/** The aggregator has not registered this virtual node yet; it will, and then the devices follow. */
const NODE_UNKNOWN = "REGISTRY_VN_UNKNOWN";

/** A release that the ledger has already, by another transaction. */
const RELEASED_ALREADY = "REGISTRY_DEVICE_RELEASED";

/** The node that a device was released to has enrolled it. */
const ENROLLED_ELSEWHERE = "REGISTRY_DEVICE_EXISTS";

/** The contract does not let the node have a device back, for a reason that may pass; it is asked again. */
class TakeBackError extends Error {
  readonly code = "DEVICE_NOT_TAKEN_BACK";

  constructor(deviceId: string, contractCode: string) {
    super(`${deviceId} is not taken back: ${contractCode}`);
    this.name = "TakeBackError";
  }
}

/** Brings enrolled devices, revocations and moves onto the ledger, where SC2 needs them. Readings do not wait. */
export class LedgerRegistrar {
  readonly #member: { vnId: string; mspId: string };
  readonly #registry: DeviceRegistry;
  readonly #outbox: LedgerOutbox;
  readonly #log: Log;
  readonly #task: BackgroundTask;
  readonly #onGone: (deviceId: string) => void;

  /** @param modules.onGone - Told of a device that another node has enrolled */
  constructor(
    member: { vnId: string; mspId: string },
    modules: { registry: DeviceRegistry; outbox: LedgerOutbox; log: Log; onGone: (deviceId: string) => void },
  ) {
    this.#onGone = modules.onGone;
    this.#member = member;
    this.#registry = modules.registry;
    this.#outbox = modules.outbox;
    this.#log = modules.log;
    this.#task = new BackgroundTask("registration", { log: modules.log, run: () => this.#run() });
  }

  /** The work behind it, to be woken, waited for and stopped. */
  task(): BackgroundTask {
    return this.#task;
  }

  /** Looks at the registry anew each time, so nothing has to be remembered over a restart. */
  async #run(): Promise<void> {
    const devices = this.#registry.all();
    const registered = devices.filter(({ registration }) => registration === "registered");
    const revoked = registered.filter(({ revocation }) => !(revocation?.isOnLedger ?? true));
    const released = registered.filter(({ release }) => !(release?.isOnLedger ?? true));
    const reclaimed = registered.filter(({ release }) => release?.isReclaimed && release.isOnLedger && !release.isGone);
    const pending = devices.filter(({ registration }) => registration === "pending");
    // Each kind has its try, and revocations the first: an enrolment that fails must not hold them back.
    const tried = [
      await outcomeOf(this.#inGroups(revoked, (device) => this.#revoke(device))),
      await outcomeOf(this.#inGroups(released, (device) => this.#release(device))),
      await outcomeOf(this.#inGroups(reclaimed, (device) => this.#takeBack(device))),
      await outcomeOf(this.#inGroups(pending, (device) => this.#register(device))),
    ];
    throwFirstFailure(tried);
  }

  /** Each of a group is tried, whatever becomes of the others; the first failure is the group's. */
  async #inGroups(devices: readonly DeviceRecord[], act: (device: DeviceRecord) => Promise<void>): Promise<void> {
    for (let from = 0; from < devices.length && !this.#task.isStopped(); from += ACTS_AT_ONCE_MAX) {
      throwFirstFailure(await Promise.allSettled(devices.slice(from, from + ACTS_AT_ONCE_MAX).map(act)));
    }
  }

  /** The request goes along as it was received: the contract checks the proof of possession again. */
  async #register({ deviceId, publicKeyHex, requestHex, returns }: DeviceRecord): Promise<void> {
    const argument = { ...this.#member, deviceId, publicKeyHex, enrolmentRequestHex: requestHex };
    const key = returns === 0 ? `enrol/${deviceId}` : `enrol/${deviceId}/${returns}`;
    try {
      // In a lane of its own: devices have no state in common, so none has to wait for the block of another.
      await this.#outbox.execute(key, "registry:EnrolDevice", argument, { lane: `device/${deviceId}` });
    } catch (error) {
      const contractCode = contractRefusal(error);
      if (contractCode === undefined || contractCode === NODE_UNKNOWN) throw error;
      this.#log.error("device_refused_by_ledger", { deviceId, contractCode });
      if (!this.#task.isStopped()) await this.#registry.change(deviceId, { registration: "refused" });
      return;
    }
    if (!this.#task.isStopped()) await this.#registry.change(deviceId, { registration: "registered" });
  }

  /**
   * The device's signature goes along: the contract checks that it agreed. A release that the contract refuses did not
   * happen, so the device stays.
   */
  async #release({ deviceId, release }: DeviceRecord): Promise<void> {
    if (release === null) return;
    const { toVnId, consentSignatureHex } = release;
    const argument = { deviceId, toVnId, consentSignatureHex };
    const refusal = await this.#refusalOf(moveKey("release", deviceId, release), "registry:ReleaseDevice", argument);
    if (refusal !== undefined) this.#log.error("release_refused_by_ledger", { deviceId, contractCode: refusal });
    // It may have been reclaimed meanwhile: the newest record counts.
    const current = this.#registry.find(deviceId)?.release;
    if (this.#task.isStopped() || !current) return;
    const isReleased = refusal === undefined || refusal === RELEASED_ALREADY;
    await this.#registry.change(deviceId, { release: isReleased ? { ...current, isOnLedger: true } : null });
  }

  /** The ledger lets a node have its device back as long as nobody else has it; if somebody has, it is gone. */
  async #takeBack({ deviceId, publicKeyHex, requestHex, release }: DeviceRecord): Promise<void> {
    if (release === null) return;
    const argument = { ...this.#member, deviceId, publicKeyHex, enrolmentRequestHex: requestHex };
    const refusal = await this.#refusalOf(moveKey("take-back", deviceId, release), "registry:EnrolDevice", argument);
    if (refusal !== undefined && refusal !== ENROLLED_ELSEWHERE) {
      throw new TakeBackError(deviceId, refusal);
    }
    this.#log.info(refusal === undefined ? "device_taken_back" : "device_has_gone", { deviceId });
    if (this.#task.isStopped()) return;
    await this.#registry.change(deviceId, { release: refusal === undefined ? null : { ...release, isGone: true } });
    if (refusal !== undefined) this.#onGone(deviceId);
  }

  /** The contract's code when it refused; an outage is thrown, and the act is tried again. */
  async #refusalOf(
    key: string,
    transaction: "registry:ReleaseDevice" | "registry:EnrolDevice",
    argument: { deviceId: string } & Record<string, string>,
  ): Promise<string | undefined> {
    try {
      await this.#outbox.execute(key, transaction, argument, { lane: `device/${argument.deviceId}` });
      return undefined;
    } catch (error) {
      const contractCode = contractRefusal(error);
      if (contractCode === undefined) throw error;
      return contractCode;
    }
  }

  /** Only for what is registered: of any other device the ledger knows nothing. */
  async #revoke({ deviceId, revocation }: DeviceRecord): Promise<void> {
    const reason = revocation?.reason ?? "";
    const lane = `device/${deviceId}`;
    await this.#outbox.execute(`revoke/${deviceId}`, "registry:RevokeDevice", { deviceId, reason }, { lane });
    if (!this.#task.isStopped()) {
      await this.#registry.change(deviceId, { revocation: { reason, isOnLedger: true } });
    }
  }
}

/** A device may go and come more than once, each time with a signature of its own. */
function moveKey(act: "release" | "take-back", deviceId: string, { consentSignatureHex }: DeviceRelease): string {
  return `${act}/${deviceId}/${consentSignatureHex.slice(0, 32)}`;
}

async function outcomeOf(work: Promise<void>): Promise<PromiseSettledResult<void>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}

function throwFirstFailure(outcomes: readonly PromiseSettledResult<void>[]): void {
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
