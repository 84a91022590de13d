import { loadSolver, NoPlanError, sustainableDraw } from "@gridpact/flexibility";
import type { Disk } from "@gridpact/host";
import { RESOURCE_KIND, type RequestInterval, type Resource } from "@gridpact/proto";
import { sumOf } from "@gridpact/settlement";
import { HOUR_MS } from "../../time-spans.ts";
import type { CallableDevice, Given } from "../agent-host.ts";
import type { SetpointSender } from "../deliver/index.ts";
import { nextDeliveryPerMille, type ProsumerBook } from "../prosumer/index.ts";
import { drawnWhMax } from "./balance-figures.ts";
import { BalanceStatements } from "./balance-statements.ts";
import {
  type AskedBand,
  BALANCE_EVENT_ID,
  type BalanceMemberUnit,
  type BalanceOutcome,
  type BalanceUnit,
  unmovedWh,
} from "./balance-unit.ts";
import { Followers } from "./followers.ts";
import { accountedMembers, type GatheredMember, gatherMember, loadHistory } from "./gather-members.ts";
import { type EventsNear, heldDevices } from "./held-devices.ts";
import { MemberHistories } from "./member-histories.ts";
import { planFeeder, RESTING_BAND } from "./plan-feeder.ts";
import { UnitStore } from "./unit-store.ts";

/** Members of a node that are balanced and accounted, the first by id: as many as `UNITS_KEPT_MAX` is sized for. */
export const BALANCED_MEMBERS_MAX = 500;

/** Work of one tick: two hundred devices' registers, or forty histories; acknowledgements wait meanwhile. */
export const BALANCE_WORK_PER_TICK = 200;
const GATHER_WORK = 1;
const LOAD_WORK = 5;

/** Below this share of a feeder's devices with readings a plan would be one for another feeder. */
const PRESENT_SHARE_MIN = 0.9;

/** Who delivers less of what it signed for than this is not asked for favours either. */
const RELIABLE_PER_MILLE_MIN = 300;

/** Part of a unit by which a setpoint outlives it, until the next one is there; then the device's own rule goes on. */
const GRACE_DIVISOR = 3;

const MS_PER_SECOND = 1_000;
const WH_PER_KWH = 1_000;

type Highs = Awaited<ReturnType<typeof loadSolver>>;

type BalanceContext = Given<"clock" | "devices" | "latestReading" | "evidence" | "log"> &
  EventsNear & { prosumers: Pick<ProsumerBook, "stateOf">; setpoints: Pick<SetpointSender, "send"> };

/** A unit that is being looked at. */
type Making = { startUnixMs: number; waiting: CallableDevice[]; gathered: GatheredMember[] };

/**
 * The node's own balance, unit by unit: accounts which surplus served whom in the unit that has ended, plans the one
 * that begins, and asks storage and loads that can wait for their part. A unit is durable before anything is sent and
 * nothing is sent for it again, so a crash costs at most the asking; every setpoint ends by itself.
 */
export class SelfBalancing {
  readonly #store: UnitStore;
  readonly #histories: MemberHistories;
  readonly #statements = new BalanceStatements();
  readonly #followers = new Followers();
  readonly #highs: Highs;
  #making: Making | undefined;

  private constructor(options: { mtuMs: number }, store: UnitStore, highs: Highs) {
    this.#store = store;
    this.#histories = new MemberHistories(options);
    this.#highs = highs;
  }

  static async open(options: { mtuMs: number }, disk: Disk): Promise<SelfBalancing> {
    return new SelfBalancing(options, await UnitStore.open(disk), await loadSolver());
  }

  /** Takes what a device stated of itself. @throws BalanceStatementError */
  receive(deviceId: string, bytes: Uint8Array): void {
    this.#statements.receive(deviceId, bytes);
  }

  /** All units that are kept, oldest first. */
  units(): readonly BalanceUnit[] {
    return this.#store.list();
  }

  takingPartCount(): number {
    return this.#statements.takingPart().length;
  }

  leftAloneCount(nowUnixMs: number): number {
    return this.#followers.leftAloneCount(nowUnixMs);
  }

  /** A device's resources with no more power of its batteries than what is in them carries through all intervals. */
  available({ deviceId, resources }: CallableDevice, intervals: readonly RequestInterval[]): readonly Resource[] {
    const statement = this.#statements.newest(deviceId);
    if (statement === undefined) return resources;
    const spanMs = (intervals.at(-1)?.endUnixMs ?? 0) - (intervals[0]?.startUnixMs ?? 0);
    const carriedW = (statement.storedWh * BigInt(HOUR_MS)) / BigInt(Math.max(1, spanMs));
    return resources.map((resource) => {
      if (resource.kind !== RESOURCE_KIND.BATTERY || resource.reduceWMax <= carriedW) return resource;
      return { ...resource, reduceWMax: carriedW };
    });
  }

  /** Goes on with the unit that begins, once its readings and statements are there or have been waited for. */
  async step(context: BalanceContext): Promise<void> {
    const { mtuMs } = context.options;
    const startUnixMs = Math.floor(context.modules.clock.nowUnixMs() / mtuMs) * mtuMs;
    // What took longer than a unit is late for good: only the present one can be asked for.
    if (this.#making !== undefined && this.#making.startUnixMs < startUnixMs) this.#making = undefined;
    this.#making ??= this.#begun(startUnixMs, context);
    const making = this.#making;
    if (making === undefined || !(await this.#gather(making, context))) return;
    this.#making = undefined;
    const unit = this.#concluded(making, context);
    await this.#store.add(unit);
    this.#send(unit, context);
  }

  #begun(startUnixMs: number, { options, modules }: BalanceContext): Making | undefined {
    const newest = this.#store.newest();
    this.#statements.forgetBefore(startUnixMs, options.mtuMs);
    if (newest === undefined && this.#statements.takingPart().length === 0) return undefined;
    if (newest !== undefined && newest.startUnixMs >= startUnixMs) return undefined;
    const devices = [...modules.devices()].sort((left, right) => (left.deviceId < right.deviceId ? -1 : 1));
    const members = devices.slice(0, BALANCED_MEMBERS_MAX);
    const isWaiting = modules.clock.nowUnixMs() < startUnixMs + options.reportWaitMs;
    if (isWaiting && members.some(({ deviceId }) => !this.#hasReported(deviceId, startUnixMs, modules)))
      return undefined;
    const known = new Set(devices.map(({ deviceId }) => deviceId));
    this.#histories.keepOnly(known);
    this.#followers.keepOnly(known);
    return { startUnixMs, waiting: members, gathered: [] };
  }

  #hasReported(deviceId: string, startUnixMs: number, { latestReading }: BalanceContext["modules"]): boolean {
    const statement = this.#statements.newest(deviceId);
    const hasStated = statement === undefined || Number(statement.statedAtUnixMs) >= startUnixMs;
    return hasStated && (latestReading(deviceId)?.measuredAtUnixMs ?? 0) >= startUnixMs;
  }

  /** As far as the work of one tick goes; false while devices wait. */
  async #gather({ startUnixMs, waiting, gathered }: Making, context: BalanceContext): Promise<boolean> {
    const before = this.#store.newest();
    const endUnixMs = startUnixMs - context.options.mtuMs;
    const feeders = this.#balancedFeeders(context);
    let work = BALANCE_WORK_PER_TICK;
    for (let device = waiting[0]; device !== undefined; device = waiting[0]) {
      const isToLoad = feeders.has(device.feeder) && !this.#histories.endsAt(device.deviceId, endUnixMs);
      work -= isToLoad ? LOAD_WORK : GATHER_WORK;
      if (work < 0) return false;
      const history = { endUnixMs, units: this.#store.list(), histories: this.#histories };
      if (isToLoad) await loadHistory(device.deviceId, history, context);
      const member = await gatherMember(device, { startUnixMs, statements: this.#statements, before }, context);
      this.#histories.append(device.deviceId, endUnixMs, unmovedWh(member));
      gathered.push(member);
      // Only now: a device whose log could not be read is looked at again with the next tick.
      waiting.shift();
    }
    return true;
  }

  /** Only there outlooks are needed. */
  #balancedFeeders({ modules }: BalanceContext): Set<string> {
    const takingPart = new Set(this.#statements.takingPart());
    return new Set(
      modules
        .devices()
        .filter(({ deviceId }) => takingPart.has(deviceId))
        .map(({ feeder }) => feeder),
    );
  }

  #concluded({ startUnixMs, gathered }: Making, context: BalanceContext): BalanceUnit {
    const before = this.#store.newest();
    const accounted = accountedMembers(gathered, before);
    this.#observe(accounted, startUnixMs, context);
    const held = heldDevices(context, { startUnixMs, endUnixMs: startUnixMs + context.options.mtuMs });
    const feeders: BalanceUnit["feeders"] = [];
    const asked = new Map<string, AskedBand>();
    for (const [feeder, members] of Map.groupBy(accounted, (member) => member.feeder)) {
      const { outcome, bands } = this.#feederBands(members, { feeder, startUnixMs, held }, context);
      feeders.push({ feeder, outcome });
      for (const [deviceId, band] of bands) asked.set(deviceId, band);
    }
    const members = accounted.map((member) => ({ ...member, asked: asked.get(member.deviceId) ?? null }));
    return { startUnixMs, feeders, members };
  }

  #observe(members: readonly BalanceMemberUnit[], startUnixMs: number, { options, modules }: BalanceContext): void {
    const before = this.#store.newest();
    if (before?.startUnixMs !== startUnixMs - options.mtuMs) return;
    const askedOf = new Map(before.members.map(({ deviceId, asked }) => [deviceId, asked]));
    for (const { deviceId, netWh } of members) {
      const [asked, statement] = [askedOf.get(deviceId), this.#statements.at(deviceId, startUnixMs)];
      if (asked == null || netWh === null || statement === undefined) continue;
      const netW = (Number(netWh) * HOUR_MS) / options.mtuMs;
      this.#followers.observe(deviceId, { asked, netW, statement }, modules.clock.nowUnixMs());
    }
  }

  /** Who is held rests; the others are planned. Without a plan they follow their own rule; the outcome says why. */
  #feederBands(
    members: readonly BalanceMemberUnit[],
    at: { feeder: string; startUnixMs: number; held: Set<string> | "all" },
    context: BalanceContext,
  ): { outcome: BalanceOutcome; bands: Map<string, AskedBand> } {
    const { startUnixMs, held } = at;
    const taking = members.filter(({ deviceId }) => this.#statements.newest(deviceId) !== undefined);
    const resting = taking.filter(({ deviceId }) => held === "all" || held.has(deviceId));
    const bands = new Map(resting.map(({ deviceId }) => [deviceId, RESTING_BAND]));
    const asked = taking.filter(({ deviceId }) => !bands.has(deviceId) && this.#mayAsk(deviceId, startUnixMs, context));
    if (taking.length === 0) return { outcome: "no_members", bands };
    if (resting.length === taking.length) return { outcome: "held", bands };
    if (asked.length === 0) return { outcome: "nobody_to_ask", bands };
    const metered = members.filter(({ netWh }) => netWh !== null);
    if (metered.length < PRESENT_SHARE_MIN * members.length) return { outcome: "stale_readings", bands };
    const plan = this.#plan(members, { ...at, asked: new Set(asked.map(({ deviceId }) => deviceId)) }, context);
    if (typeof plan === "string") return { outcome: plan, bands };
    return { outcome: "planned", bands: new Map([...plan, ...bands]) };
  }

  /** Whoever said how it stands, and does what it is asked for. */
  #mayAsk(deviceId: string, startUnixMs: number, { modules, prosumers }: BalanceContext): boolean {
    if (this.#statements.at(deviceId, startUnixMs) === undefined) return false;
    if (this.#followers.isLeftAlone(deviceId, modules.clock.nowUnixMs())) return false;
    return nextDeliveryPerMille(prosumers.stateOf(deviceId).memory) >= RELIABLE_PER_MILLE_MIN;
  }

  #plan(
    members: readonly BalanceMemberUnit[],
    { feeder, startUnixMs, asked }: { feeder: string; startUnixMs: number; asked: ReadonlySet<string> },
    { options, modules }: BalanceContext,
  ): Map<string, AskedBand> | "no_forecast" | "no_plan" {
    const { mtuMs } = options;
    const planned = members.flatMap(({ deviceId }) => {
      const outlook = this.#histories.outlook(deviceId);
      const statement = asked.has(deviceId) ? this.#statements.at(deviceId, startUnixMs) : undefined;
      return outlook === undefined ? [] : [{ deviceId, outlook, statement }];
    });
    if (planned.length < PRESENT_SHARE_MIN * members.length) return "no_forecast";
    const drawn = drawnWhMax(this.#store.list(), { feeder, unixMs: startUnixMs }, mtuMs);
    const sustainable = this.#sustainableWh(members, startUnixMs);
    const wasSending = sumOf(members.map((member) => unmovedWh(member) ?? 0n)) < 0n;
    try {
      return planFeeder(this.#highs, {
        members: planned,
        startUnixMs,
        mtuMs,
        drawnWhMax: Math.max(Number(drawn), sustainable),
        wasSending,
      });
    } catch (error) {
      if (!(error instanceof NoPlanError)) throw error;
      modules.log.warn("balance_not_planned", { feeder, startUnixMs, reason: String(error) });
      return "no_plan";
    }
  }

  /** Highest draw that what is stored now could have kept on the worst of the days before, Wh in a unit. */
  #sustainableWh(members: readonly BalanceMemberUnit[], startUnixMs: number): number {
    const storedKwh = members.reduce((sum, { deviceId }) => {
      return sum + Number(this.#statements.at(deviceId, startUnixMs)?.storedWh ?? 0n) / WH_PER_KWH;
    }, 0);
    const days = this.#histories.pastDays(members.map(({ deviceId }) => deviceId));
    return sustainableDraw(days, storedKwh) * WH_PER_KWH;
  }

  #send({ startUnixMs, members }: BalanceUnit, { options, setpoints }: BalanceContext): void {
    const endUnixMs = BigInt(startUnixMs + options.mtuMs + Math.floor(options.mtuMs / GRACE_DIVISOR));
    for (const { deviceId, asked } of members) {
      if (asked === null) continue;
      const balance = { importWMin: BigInt(asked.importWMin), shiftsLoads: asked.shiftsLoads };
      const importWMax = BigInt(asked.importWMax);
      const limits = [{ startUnixMs: BigInt(startUnixMs), endUnixMs, importWMax, balance }];
      // Starts of units only grow, over any restart, and so does the revision that a device compares.
      setpoints.send({ deviceId, eventId: BALANCE_EVENT_ID, revision: startUnixMs / MS_PER_SECOND, limits });
    }
  }
}
