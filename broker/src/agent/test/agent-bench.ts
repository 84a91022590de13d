import { type Disk, SeededRandom, SimulatedDisk, silentLog, VirtualClock } from "@gridpact/host";
import { parseReceipt, type Receipt, unpackReceipt } from "@gridpact/ledger/receipts";
import type { DrRequest } from "@gridpact/proto";
import type { VnAgentOptions } from "../agent-options.ts";
import type { EventDocument } from "../document/index.ts";
import { VnAgent, type VnAgentModules } from "../vn-agent.ts";
import { FakeAggregator } from "./fake-aggregator.ts";
import { FakeChain } from "./fake-chain.ts";
import { type DeviceTraits, FakeDevice } from "./fake-device.ts";
import { batchOf, FakeEvidence } from "./fake-evidence.ts";

export const QUARTER_MS = 900_000;
const MINUTE_MS = 60_000;

/** A Thursday at noon: ten working days of history lie before it. */
export const START = Date.UTC(2016, 0, 28, 12);

/** Four quarters of an hour. */
export const END = START + 4 * QUARTER_MS;

const HISTORY_FROM = Date.UTC(2016, 0, 13);

/** An agent with its devices, its aggregator and a ledger, all in memory, on a virtual clock. */
export class AgentBench {
  readonly clock = new VirtualClock(START - 60 * MINUTE_MS);
  readonly disk = new SimulatedDisk(new SeededRandom("agent"));
  readonly chain = new FakeChain(() => this.clock.nowUnixMs());
  readonly aggregator = new FakeAggregator(this.chain);
  readonly devices: ReadonlyMap<string, FakeDevice>;
  readonly #options: Partial<VnAgentOptions>;
  #agent: VnAgent | undefined;

  constructor(traits: Record<string, DeviceTraits>, options: Partial<VnAgentOptions> = {}) {
    this.#options = options;
    const devices = Object.entries(traits).map(([deviceId, each]): [string, FakeDevice] => {
      return [deviceId, new FakeDevice(deviceId, { historyFromUnixMs: HISTORY_FROM, traits: each })];
    });
    this.devices = new Map(devices);
    for (const device of this.devices.values()) device.advanceTo(this.clock.nowUnixMs());
  }

  agent(): VnAgent {
    if (this.#agent === undefined) throw new Error("the bench is not open");
    return this.#agent;
  }

  /** Opens the agent, again after a crash as well. */
  async open(changes: Partial<VnAgentModules> = {}): Promise<VnAgent> {
    const { clock, disk, chain, aggregator, devices } = this;
    this.#agent = await VnAgent.open(
      // Forecasts of single devices decide nothing here, and each takes a tenth of a second.
      { vnId: "district", mspId: "VnMSP", forecastProsumersMax: 0, ...this.#options },
      {
        clock,
        disk,
        log: silentLog,
        ledger: chain.ledger,
        outbox: chain.outbox,
        evidence: new FakeEvidence(devices, clock),
        devices: () => [...devices.values()].map((device) => device.callable()),
        latestReading: (deviceId) => devices.get(deviceId)?.latest(),
        feederLimits: () => [],
        anchorBlockNumber: (batchNo) => batchNo - batchOf(HISTORY_FROM),
        aggregator,
        deviceLink: { send: async (deviceId, channel, bytes) => this.#deliver(deviceId, channel, bytes) },
        ...changes,
      },
    );
    return this.#agent;
  }

  /** Lets everybody do their part, minute by minute. */
  async runUntil(unixMs: number, eachMinute: () => Promise<void> = async () => undefined): Promise<void> {
    for (let now = this.clock.nowUnixMs(); now <= unixMs; now += MINUTE_MS) {
      await this.clock.advanceTo(now);
      for (const device of this.devices.values()) device.advanceTo(now);
      this.aggregator.tick();
      await this.agent().tick();
      await this.clock.advanceTo(now);
      await eachMinute();
    }
  }

  event(requestId = "peak.district"): EventDocument {
    const event = this.agent()
      .events()
      .find(({ request }) => request.requestId === requestId);
    if (event === undefined) throw new Error(`no event ${requestId}`);
    return event;
  }

  async receipts(): Promise<Receipt[]> {
    const receipts: Receipt[] = [];
    for (const name of await this.disk.list("receipts")) {
      const bytes = (await this.disk.read(`receipts/${name}`)) ?? new Uint8Array();
      receipts.push(parseReceipt(Buffer.from(unpackReceipt(bytes, 64 * 1024 * 1024)).toString()));
    }
    return receipts;
  }

  #deliver(deviceId: string, channel: string, bytes: Uint8Array): void {
    const answer = this.devices.get(deviceId)?.receive(channel, bytes);
    if (answer !== undefined) void Promise.resolve().then(() => this.agent().receiveSignature(deviceId, answer));
  }
}

/** A disk on which a process can end at a durable step: right before the disk has it, or right after. */
export class CrashingDisk {
  writes = 0;
  hasCrashed = false;
  readonly #crash: { atWrite: number; isWritten: boolean } | undefined;

  constructor(crash?: { atWrite: number; isWritten: boolean }) {
    this.#crash = crash;
  }

  over(disk: Disk): Disk {
    return {
      openAppend: (path) => disk.openAppend(path),
      read: (path) => disk.read(path),
      list: (directory) => disk.list(directory),
      remove: (path) => disk.remove(path),
      replace: async (path, bytes) => {
        if (this.hasCrashed) throw new Error("the process has ended");
        this.writes += 1;
        this.hasCrashed = this.#crash?.atWrite === this.writes;
        if (!this.hasCrashed || this.#crash?.isWritten) await disk.replace(path, bytes);
        if (this.hasCrashed) throw new Error("the process ended here");
      },
    };
  }
}

/** A request for the hour after noon, the same energy in each quarter. */
export function drRequest(orderedWh: bigint, changes: Partial<DrRequest> = {}): DrRequest {
  const intervals = Array.from({ length: 4 }, (_, index) => ({
    startUnixMs: START + index * QUARTER_MS,
    endUnixMs: START + (index + 1) * QUARTER_MS,
  }));
  return {
    requestId: "peak.district",
    eventId: "peak",
    vnId: "district",
    contractId: "peak.district",
    intervals,
    orderedWh: intervals.map(() => orderedWh),
    priceMicroPerWh: 60n,
    penaltyMicroPerWh: 50n,
    penaltyCapMicro: 1_000_000n,
    baselineMethod: "tenInTen",
    fallbackVnIds: [],
    respondByUnixMs: START - 30 * MINUTE_MS,
    ...changes,
  };
}
