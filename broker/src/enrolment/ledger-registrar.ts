import type { Log } from "@gridpact/host";
import { BackgroundTask } from "../background/index.ts";
import { contractRefusal, type LedgerOutbox } from "../ledger-outbox.ts";
import type { DeviceRecord, DeviceRegistry } from "./device-registry.ts";

/** Acts under way at once: enough to fill a block, few enough for the outbox's queue. */
export const ACTS_AT_ONCE_MAX = 32;

/** The aggregator has not registered this virtual node yet; it will, and then the devices follow. */
const NODE_UNKNOWN = "REGISTRY_VN_UNKNOWN";

/** Brings enrolled devices, revocations and releases onto the ledger, where SC2 needs them. Readings do not wait. */
export class LedgerRegistrar {
  readonly #member: { vnId: string; mspId: string };
  readonly #registry: DeviceRegistry;
  readonly #outbox: LedgerOutbox;
  readonly #log: Log;
  readonly #task: BackgroundTask;

  constructor(
    member: { vnId: string; mspId: string },
    modules: { registry: DeviceRegistry; outbox: LedgerOutbox; log: Log },
  ) {
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
    const pending = devices.filter(({ registration }) => registration === "pending");
    // Each kind has its try, and revocations the first: an enrolment that fails must not hold them back.
    const tried = [
      await outcomeOf(this.#inGroups(revoked, (device) => this.#revoke(device))),
      await outcomeOf(this.#inGroups(released, (device) => this.#release(device))),
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
  async #register({ deviceId, publicKeyHex, requestHex }: DeviceRecord): Promise<void> {
    const argument = { ...this.#member, deviceId, publicKeyHex, enrolmentRequestHex: requestHex };
    try {
      // In a lane of its own: devices have no state in common, so none has to wait for the block of another.
      await this.#outbox.execute(`enrol/${deviceId}`, "registry:EnrolDevice", argument, { lane: `device/${deviceId}` });
    } catch (error) {
      const contractCode = contractRefusal(error);
      if (contractCode === undefined || contractCode === NODE_UNKNOWN) throw error;
      this.#log.error("device_refused_by_ledger", { deviceId, contractCode });
      if (!this.#task.isStopped()) await this.#registry.change(deviceId, { registration: "refused" });
      return;
    }
    if (!this.#task.isStopped()) await this.#registry.change(deviceId, { registration: "registered" });
  }

  /** The device's signature goes along: the contract checks that it agreed. */
  async #release({ deviceId, release }: DeviceRecord): Promise<void> {
    if (release === null) return;
    const { toVnId, consentSignatureHex } = release;
    const argument = { deviceId, toVnId, consentSignatureHex };
    const lane = `device/${deviceId}`;
    await this.#outbox.execute(`release/${deviceId}`, "registry:ReleaseDevice", argument, { lane });
    if (!this.#task.isStopped()) await this.#registry.change(deviceId, { release: { ...release, isOnLedger: true } });
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

async function outcomeOf(work: Promise<void>): Promise<PromiseSettledResult<void>> {
  const [outcome] = await Promise.allSettled([work]);
  return outcome;
}

function throwFirstFailure(outcomes: readonly PromiseSettledResult<void>[]): void {
  for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
}
