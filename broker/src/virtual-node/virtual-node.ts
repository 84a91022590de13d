import { strict as assert } from "node:assert";
import type { Clock, Disk, Log, Random } from "@gridpact/host";
import type { Authority, MspId, Validity } from "@gridpact/ledger";
import type { AcceptedReading, Engine, EnrolledDevice } from "@gridpact/native";
import type { Channel, EnrolmentRequest } from "@gridpact/proto";
import { GRACE_MS_DEFAULT, LEAVES_MAX_DEFAULT } from "../anchor/index.ts";
import {
  Arrivals,
  type CertifiedKey,
  DeviceMoves,
  type DeviceRecord,
  DeviceRegistry,
  Enrolment,
  type EnrolmentOutcome,
  isLeaving,
  isMember,
  issueEnrolmentToken,
  LedgerRegistrar,
  openAuthority,
  openStatementKey,
  type TokenGrant,
  validityBy,
} from "../enrolment/index.ts";
import type { EvidenceSource } from "../evidence/index.ts";
import { type EnvelopeSource, Ingest, IngestError } from "../ingest/index.ts";
import type { LedgerOutbox } from "../ledger-outbox.ts";
import { Retention, type RetentionPolicy } from "../retention/index.ts";
import type { ReadingStore } from "../store/index.ts";
import type { WindowView } from "../window/index.ts";
import { type NodeCounts, storeCounts } from "./node-counts.ts";
import { NodeViews } from "./node-views.ts";

export type VirtualNodeOptions = {
  vnId: string;
  /** Organisation that this node and its devices belong to. */
  mspId: MspId;
  /** Market time unit in ms, the same as the engine's; a UTC day has a whole number of them. */
  mtuMs: number;
  /** Leaves of a full Merkle batch. */
  anchorLeavesMax?: number;
  /** A batch that is not full is closed this long after the end of a market time unit, ms. */
  anchorGraceMs?: number;
  /** What becomes of old segments of the log; all are kept when left out. The engine's archive MUST fit. */
  retention?: RetentionPolicy;
};

/** Engine and outbox are the caller's, on the same disk: the node closes neither, nor the store. */
export type VirtualNodeModules = {
  clock: Clock;
  random: Random;
  disk: Disk;
  engine: Engine;
  outbox: LedgerOutbox;
  log: Log;
  /** Readings for people and forecasts; without one there are windows, evidence and anchors all the same. */
  store?: ReadingStore;
  /** Who certifies devices, where nodes share an organisation; by default kept on `disk`, made when missing. */
  authority?: Authority;
  /** Of device certificates; by default 20 years by `clock`, which TLS may not go by. */
  validity?: Validity;
  /** Told once when the log cannot be trusted any more: the process MUST end. */
  onFatal?: (error: unknown) => void;
};

/** Why no envelope is taken at the moment. */
export type NodeFault = "log_failed" | "disk_full" | "overloaded" | "closed";

/** What devices publish beside their readings: SignResponse, FlexibilityStatement and BalanceStatement. */
export type AgentChannel = "signature" | "flexibility" | "balance";

/** Takes what a device published on such a channel: bytes, unchecked. MUST NOT throw. */
export type MessageHandler = (deviceId: string, bytes: Uint8Array) => void;

/**
 * Opens the virtual node without its sockets: all from an envelope's arrival to its anchor, on clock, random, disk and
 * ledger that are given to it. The same code serves real devices and the seeded simulation. A restart goes on where the
 * last run ended.
 */
export async function openVirtualNode(options: VirtualNodeOptions, modules: VirtualNodeModules): Promise<VirtualNode> {
  const { disk, engine } = modules;
  const validity = modules.validity ?? validityBy(modules.clock);
  const authority = modules.authority ?? (await openAuthority({ mspId: options.mspId, validity }, modules));
  const statementKey = await openStatementKey({ authority, vnId: options.vnId, validity }, modules);
  const registry = await DeviceRegistry.open(disk);
  // Feeders of old readings are asked of the engine while the views catch up, so devices come first.
  engine.enrol(registry.all().map(engineDevice));
  const fatal = new FatalReport(modules);
  const views = await NodeViews.open(
    {
      ...options,
      anchorLeavesMax: options.anchorLeavesMax ?? LEAVES_MAX_DEFAULT,
      anchorGraceMs: options.anchorGraceMs ?? GRACE_MS_DEFAULT,
    },
    { ...modules, onFatal: (error) => fatal.report(error) },
  );
  for (const device of registry.all()) if (!isMember(device) && !isLeaving(device)) engine.revoke(device.deviceId);
  return new VirtualNode(options, modules, { authority, validity, statementKey, registry, views, fatal });
}

/** Tells of the first fatal error only: what follows are its consequences. */
class FatalReport {
  readonly #modules: VirtualNodeModules;
  #hasFailed = false;

  constructor(modules: VirtualNodeModules) {
    this.#modules = modules;
  }

  hasFailed(): boolean {
    return this.#hasFailed;
  }

  report(error: unknown): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.#modules.log.error("log_not_trusted", { reason: String(error) });
    this.#modules.onFatal?.(error);
  }
}

type Parts = {
  authority: Authority;
  validity: Validity;
  statementKey: CertifiedKey;
  registry: DeviceRegistry;
  views: NodeViews;
  fatal: FatalReport;
};

/** A virtual node; see `openVirtualNode`. Sessions, health and agent use it, and it knows none of them. */
export class VirtualNode {
  /** Devices that go to other nodes, and that come from them. */
  readonly moves: DeviceMoves;
  readonly #modules: VirtualNodeModules;
  readonly #registry: DeviceRegistry;
  readonly #views: NodeViews;
  readonly #fatal: FatalReport;
  readonly #ingest: Ingest;
  readonly #enrolment: Enrolment;
  readonly #registrar: LedgerRegistrar;
  readonly #retention: Retention;
  readonly #handlers: Record<AgentChannel, MessageHandler[]> = { signature: [], flexibility: [], balance: [] };
  readonly #messages: Record<AgentChannel, number> = { signature: 0, flexibility: 0, balance: 0 };

  /** Use `openVirtualNode`. */
  constructor(options: VirtualNodeOptions, modules: VirtualNodeModules, parts: Parts) {
    const { clock, engine, log } = modules;
    const { registry, views, fatal } = parts;
    const { vnId, mspId } = options;
    this.#modules = modules;
    this.#registry = registry;
    this.#views = views;
    this.#fatal = fatal;
    this.#ingest = new Ingest({
      clock,
      engine,
      log,
      onOutcome: (outcome) => views.apply(outcome),
      onFatal: (error) => fatal.report(error),
    });
    const onGone = (deviceId: string) => engine.revoke(deviceId);
    this.#registrar = new LedgerRegistrar({ vnId, mspId }, { ...modules, registry, onGone });
    this.moves = new DeviceMoves(vnId, {
      ...modules,
      ...parts,
      authorityPem: parts.authority.certificatePem,
      onGone,
      onChanged: () => this.#registrar.task().wake(),
    });
    this.#enrolment = new Enrolment(vnId, {
      ...modules,
      ...parts,
      arrivals: new Arrivals({ vnId, mspId }, modules),
      onEnrolled: () => this.#registrar.task().wake(),
    });
    this.#registrar.task().wake();
    this.#retention = new Retention(options.retention, {
      clock,
      engine,
      log,
      releasedUntil: (walSeq) => views.releasedUntil(walSeq),
      onFatal: (error) => fatal.report(error),
    });
  }

  /** Signed register values at interval boundaries, with inclusion proofs. */
  get evidence(): EvidenceSource {
    return this.#views.evidence;
  }

  /** Energy per feeder and market time unit. */
  get windows(): WindowView {
    return this.#views.windows;
  }

  /**
   * Takes what a device published. A reading resolves when it is durable, accepted or rejected; anything else when the
   * handlers have it. It may be acknowledged then.
   * @throws IngestError, EngineError when it is not durable; it MUST NOT be acknowledged.
   */
  async accept(deviceId: string, channel: Channel, bytes: Uint8Array): Promise<void> {
    if (channel === "reading") {
      if (this.#registry.leaving().has(deviceId)) throw leavingError(deviceId);
      await this.#ingest.accept({ deviceId, bytes });
      return;
    }
    assert(channel !== "setpoint" && channel !== "sign-request", "devices publish on four channels");
    this.#messages[channel] += 1;
    for (const handler of this.#handlers[channel]) handler(deviceId, bytes);
  }

  /**
   * As `accept` for a reading, without a promise: takes a copy of `[start, end)` of `bytes`, and tells the source.
   * What comes back is why it was not taken; it MUST NOT be acknowledged then.
   */
  takeReading(source: EnvelopeSource, bytes: Buffer, start: number, end: number): IngestError | undefined {
    for (const [deviceId, packed] of this.#registry.leaving()) {
      if (Buffer.compare(packed, source.packedDeviceId) === 0) return leavingError(deviceId);
    }
    return this.#ingest.take(source, bytes, start, end);
  }

  /** Whether envelopes may be read from sockets; asked before each. */
  canAcceptWork(): boolean {
    return !this.#fatal.hasFailed() && this.#ingest.canAcceptWork() && this.#views.canAcceptWork();
  }

  /** Resolves when `canAcceptWork` is worth asking again. */
  whenAccepting(): Promise<void> {
    return this.#views.canAcceptWork() ? this.#ingest.whenAccepting() : this.#views.pause();
  }

  /** Why the node takes nothing at the moment; empty when it is ready. */
  faults(): NodeFault[] {
    const state = this.#ingest.state();
    if (this.#fatal.hasFailed() || state === "failed") return ["log_failed"];
    if (state === "closed") return ["closed"];
    if (state === "disk-full") return ["disk_full"];
    return this.canAcceptWork() ? [] : ["overloaded"];
  }

  /** Enrols a device, or gives a known one its certificate again. */
  enrol(request: EnrolmentRequest): Promise<EnrolmentOutcome> {
    return this.#enrolment.enrol(request);
  }

  /** Makes a token with which the granted device can enrol once. */
  issueToken(grant: TokenGrant): Promise<string> {
    return issueEnrolmentToken(grant, this.#modules);
  }

  /** Ends a device's key here at once and on the ledger soon; `reason` goes on record. It never comes back. */
  async revoke(deviceId: string, reason: string): Promise<void> {
    this.#modules.engine.revoke(deviceId);
    await this.#registry.change(deviceId, { revocation: { reason, isOnLedger: false } });
    this.#registrar.task().wake();
  }

  /** Devices ever enrolled, those that are no members any more included. */
  devices(): DeviceRecord[] {
    return this.#registry.all();
  }

  /** Devices that can be called on: on the ledger, members, not quarantined. */
  callableDevices(): DeviceRecord[] {
    const quarantined = new Set(this.#modules.engine.quarantined());
    return this.devices().filter((device) => {
      return device.registration === "registered" && isMember(device) && !quarantined.has(device.deviceId);
    });
  }

  /** Devices whose envelopes are refused until an operator looks. */
  quarantined(): string[] {
    return this.#modules.engine.quarantined();
  }

  /** Newest accepted reading of a device: power in W (import positive), registers in Wh. */
  latestReading(deviceId: string): AcceptedReading | undefined {
    return this.#views.latestReadings.find(deviceId);
  }

  /** Block of the ledger with the anchor of a batch; undefined until it is there. */
  anchorBlockNumber(batchNo: number): number | undefined {
    return this.#views.batches.find(batchNo)?.receipt?.blockNumber;
  }

  /** Key that a device's certificate must have, undefined when it is no member. */
  deviceKey(deviceId: string): Uint8Array | undefined {
    const device = this.#registry.find(deviceId);
    return device === undefined || !isMember(device) ? undefined : Buffer.from(device.publicKeyHex, "hex");
  }

  /**
   * Who settles tells since when readings may still have to be proven, ms since the epoch, infinity for none. Before
   * that nothing of the log is retired.
   */
  holdEvidence(neededSinceUnixMs: () => number): void {
    this.#retention.hold(neededSinceUnixMs);
  }

  onMessage(channel: AgentChannel, handler: MessageHandler): void {
    this.#handlers[channel].push(handler);
  }

  /** To be called about once a second: ends batches, writes checkpoints, tries again what failed. */
  async tick(): Promise<void> {
    this.#registrar.task().wake();
    this.#retention.tick();
    await this.#views.tick();
  }

  counts(): NodeCounts {
    const { batches, anchor, storeFeed } = this.#views;
    const { engine } = this.#modules;
    const tasks = [...this.#views.tasks(), this.#registrar.task(), this.#retention.task()];
    return {
      ingest: { ...this.#ingest.counts(), waiting: this.#ingest.waitingEnvelopes() },
      engine: { ...engine.counters(), verifier: engine.verifier },
      devices: {
        enrolled: this.#registry.all().length,
        quarantined: engine.quarantined().length,
        enrolmentRefusals: this.#enrolment.refusals(),
      },
      anchor: {
        openLeaves: anchor.openLeaves(),
        closedBatches: batches.nextBatchNo(),
        anchoredBatches: batches.anchoredCount(),
        anchoredLeaves: batches.anchoredLeaves(),
      },
      store: storeCounts(storeFeed, this.#views.cursor()),
      retention: this.#retention.counts(),
      logCursor: this.#views.cursor(),
      messages: { ...this.#messages },
      taskFailures: Object.fromEntries(tasks.map((task) => [task.name(), task.failures()])),
    };
  }

  /** Takes nothing more, ends what is under way, writes the last checkpoints. Engine and store stay open. */
  async close(): Promise<void> {
    await this.#ingest.close();
    this.#registrar.task().stop();
    this.#retention.task().stop();
    await this.#retention.task().idle();
    await this.#views.close();
  }
}

/** Not refused for good: the device may be taken back, and keeps what is not acknowledged. */
function leavingError(deviceId: string): IngestError {
  return new IngestError("INGEST_DEVICE_LEAVING", `${deviceId} is on its way to another node`);
}

function engineDevice({ deviceId, publicKeyHex, feeder }: DeviceRecord): EnrolledDevice {
  return { deviceId, publicKey: new Uint8Array(Buffer.from(publicKeyHex, "hex")), feeder };
}
