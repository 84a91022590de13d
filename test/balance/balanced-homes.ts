import { type RegisterValue, VnAgent, type VnAgentModules } from "@gridpact/broker";
import { describeResource, Feid, type FeidDescription, loadFleet, replaySite, type Uplink } from "@gridpact/edge";
import { SeededRandom, SimulatedDisk, signingKeyFromSeed, silentLog, type Timer, VirtualClock } from "@gridpact/host";
import { type Channel, decode, type Setpoint } from "@gridpact/proto";

export const MTU_MS = 900_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Outlooks look back seven days. */
const HISTORY_MS = 8 * DAY_MS;

/** Eight homes of CityLearn with roof and battery stand at this feeder. */
const FEEDER = "feeder-b21";

export const HOMES: readonly FeidDescription[] = loadFleet().filter(
  ({ deviceId, feeder }) => deviceId.startsWith("d-home-") && feeder === FEEDER,
);

/** A home's device on a line that loses nothing, until it is cut. */
class Line implements Uplink {
  readonly #receive: (channel: Channel, bytes: Uint8Array) => void;
  readonly #handlers = new Map<Channel, (bytes: Uint8Array) => Promise<void>>();
  #connected: (() => void) | undefined;

  constructor(receive: (channel: Channel, bytes: Uint8Array) => void) {
    this.#receive = receive;
  }

  async connect(): Promise<void> {
    this.#connected?.();
  }

  isConnected(): boolean {
    return true;
  }

  onConnected(handler: () => void): void {
    this.#connected = handler;
  }

  async publish(channel: Channel, bytes: Uint8Array): Promise<void> {
    this.#receive(channel, bytes);
  }

  onMessage(channel: Channel, handler: (bytes: Uint8Array) => Promise<void>): void {
    this.#handlers.set(channel, handler);
  }

  async deliver(channel: Channel, bytes: Uint8Array): Promise<void> {
    await this.#handlers.get(channel)?.(bytes);
  }

  async close(): Promise<void> {}
}

type Home = { feid: Feid; line: Line; registers: Map<number, RegisterValue>; latestPowerW: number };

/**
 * Homes with their own devices, and the agent of their virtual node, which is ticked once a minute of a virtual clock.
 * Between them are signed envelopes, statements and setpoints as on the wire; nothing of the agent or the devices is
 * a stand-in. There is no market: nobody asks for an event.
 */
export class BalancedHomes {
  readonly clock: VirtualClock;
  readonly disk = new SimulatedDisk(new SeededRandom("agent"));
  /** All that were sent, in order. */
  readonly setpoints: { deviceId: string; setpoint: Setpoint; sentAtUnixMs: number }[] = [];
  /** Devices whose readings and statements get lost from now on. */
  readonly silent = new Set<string>();
  readonly #startUnixMs: number;
  readonly #homes = new Map<string, Home>();
  #agent: VnAgent | undefined;
  #ticks: Timer | undefined;

  private constructor(startUnixMs: number) {
    this.#startUnixMs = startUnixMs;
    this.clock = new VirtualClock(startUnixMs);
  }

  static async open(startUnixMs: number): Promise<BalancedHomes> {
    const homes = new BalancedHomes(startUnixMs);
    for (const home of HOMES) await homes.#openHome(home);
    await homes.startAgent();
    return homes;
  }

  agent(): VnAgent {
    if (this.#agent === undefined) throw new TypeError("the agent is down");
    return this.#agent;
  }

  /** Opens the agent on its disk as that is, and lets it tick. */
  async startAgent(): Promise<void> {
    // A week until the next outlook: they are for events, and each takes a quarter of a second.
    const options = { vnId: "district", mspId: "VnMSP", mtuMs: MTU_MS, outlookMs: 7 * DAY_MS, forecastProsumersMax: 0 };
    this.#agent = await VnAgent.open(options, this.#modules());
    this.#tickAgain();
  }

  /** Ends the agent as a power cut would. */
  crashAgent(): void {
    this.#ticks?.cancel();
    this.#agent = undefined;
    this.disk.crash();
  }

  /** Net import of all homes in each unit from the start until an instant, kWh; by signed registers. */
  netKwh(untilUnixMs: number): Float64Array {
    const unitCount = (untilUnixMs - this.#startUnixMs) / MTU_MS;
    const net = (home: Home, unit: number) => {
      const register = home.registers.get(this.#startUnixMs + unit * MTU_MS);
      if (register === undefined) throw new TypeError("a register is missing");
      return Number(register.importWh - register.exportWh);
    };
    const sumWh = (unit: number) => [...this.#homes.values()].reduce((sum, home) => sum + net(home, unit), 0);
    return Float64Array.from({ length: unitCount }, (_, unit) => (sumWh(unit + 1) - sumWh(unit)) / 1_000);
  }

  statsOf(deviceId: string) {
    return this.#homes.get(deviceId)?.feid.stats();
  }

  #tickAgain(): void {
    const agent = this.#agent;
    this.#ticks = this.clock.after(MINUTE_MS, () => {
      void agent?.tick().then(() => {
        if (agent === this.#agent) this.#tickAgain();
      });
    });
  }

  async #openHome({ deviceId, load, pv, resources }: FeidDescription): Promise<void> {
    const line = new Line((channel, bytes) => this.#receive(deviceId, channel, bytes));
    const historyFromUnixMs = this.#startUnixMs - HISTORY_MS;
    const start = { startUnixMs: historyFromUnixMs, importWh: 0n, exportWh: 0n };
    const random = new SeededRandom(deviceId);
    const feid = await Feid.open(
      { deviceId, readingPeriodMs: MTU_MS, mtuMs: MTU_MS, reduceWMax: 0n, balances: true },
      {
        clock: this.clock,
        disk: new SimulatedDisk(random),
        key: signingKeyFromSeed(random.bytes(32)),
        uplink: line,
        openSite: replaySite({ load, pv, resources }, start),
        log: silentLog,
        onFailure: (error) => {
          throw error;
        },
      },
    );
    this.#homes.set(deviceId, { feid, line, registers: new Map(), latestPowerW: 0 });
    await feid.backfill(historyFromUnixMs, this.#startUnixMs);
    feid.start();
  }

  #receive(deviceId: string, channel: Channel, bytes: Uint8Array): void {
    const home = this.#homes.get(deviceId);
    if (home === undefined || this.silent.has(deviceId)) return;
    if (channel === "balance") this.#agent?.receiveBalance(deviceId, bytes);
    if (channel !== "reading") return;
    for (const reading of decode("EnvelopePayload", decode("SignedEnvelope", bytes).payload).readings) {
      const { importWh, exportWh, powerW } = reading;
      const atUnixMs = Number(reading.measuredAtUnixMs);
      home.registers.set(atUnixMs, { atUnixMs, importWh, exportWh });
      home.latestPowerW = Number(powerW);
    }
  }

  #modules(): VnAgentModules {
    const newestOf = (home: Home) => [...home.registers.values()].at(-1);
    const quiet = async () => undefined;
    return {
      clock: this.clock,
      disk: this.disk,
      log: silentLog,
      // Without a market nothing is ever asked of a ledger; a call would fail the step that makes it.
      ledger: {} as VnAgentModules["ledger"],
      outbox: {} as VnAgentModules["outbox"],
      evidence: {
        registersAt: async (deviceId, instants) => instants.map((at) => this.#homes.get(deviceId)?.registers.get(at)),
        boundaryEvidence: async () => undefined,
      },
      devices: () =>
        HOMES.map(({ deviceId, feeder, resources }) => {
          return { deviceId, feeder, resources: resources.map(describeResource), certificatePem: "" };
        }),
      latestReading: (deviceId) => {
        const home = this.#homes.get(deviceId);
        const newest = home && newestOf(home);
        return newest && { ...newest, measuredAtUnixMs: newest.atUnixMs, powerW: home.latestPowerW };
      },
      feederLimits: () => [],
      anchorBlockNumber: () => undefined,
      aggregator: {
        register: quiet,
        respond: quiet,
        report: quiet,
        pollRequests: async () => [],
        exchangeMoves: async () => [],
        describe: async () => ({}) as Awaited<ReturnType<VnAgentModules["aggregator"]["describe"]>>,
      },
      deviceLink: {
        send: async (deviceId, channel, bytes) => {
          const sentAtUnixMs = this.clock.nowUnixMs();
          this.setpoints.push({ deviceId, setpoint: decode("Setpoint", bytes), sentAtUnixMs });
          void this.#homes.get(deviceId)?.line.deliver(channel, bytes);
        },
      },
    };
  }
}
