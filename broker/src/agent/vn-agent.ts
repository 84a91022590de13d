import { loadSolver, type ProsumerState } from "@gridpact/flexibility";
import { LedgerActs } from "@gridpact/ledger";
import type { ClusterGuidance } from "@gridpact/proto";
import type { AgentHost } from "./agent-host.ts";
import { DEFAULT_AGENT_OPTIONS, type VnAgentOptions } from "./agent-options.ts";
import { AmendmentDesk, amendContracts } from "./amend/index.ts";
import { SelfBalancing } from "./balance/index.ts";
import {
  type ChoiceRecord,
  ChoiceStore,
  type ChoiceSummary,
  explainChoice,
  type ProsumerExplanation,
} from "./choice/index.ts";
import { acceptContract, ConsentDesk, obtainConsents, offerContracts, SignatureExchange } from "./contract/index.ts";
import { rearrange, reportIntervals, SetpointSender, sendSetpoints, watchDelivery } from "./deliver/index.ts";
import { ProsumerReporter } from "./describe-prosumers.ts";
import { type Dispatcher, InlineDispatcher } from "./dispatch/index.ts";
import { type EventDocument, EventStore, isFinished } from "./document/index.ts";
import { ProgrammeMember } from "./join-programme.ts";
import { type MoveHost, type NodeMove, NodeMoves, openBusinessOf } from "./moves/index.ts";
import {
  type Outlook,
  OutlookIssuer,
  type OutlookStore,
  openForecasts,
  openOutlooks,
  type ProsumerForecast,
  ProsumerForecaster,
} from "./outlook/index.ts";
import { EventPlanner, evidenceNeededSinceUnixMs, respond, StatementBook } from "./plan/index.ts";
import { pollRequests } from "./poll-requests.ts";
import { learnRebounds, ProsumerBook } from "./prosumer/index.ts";
import { sendHeartbeat } from "./send-heartbeat.ts";
import { completeEvent, endRunning, settleContract, settleDevices, showLateReadings } from "./settle/index.ts";

/** What the agent is given by its host: what its steps work with, and what it makes itself where it is left out. */
export type VnAgentModules = AgentHost & {
  /** Solves for the cheapest orders; the caller closes it. Left out, the agent solves within its own ticks. */
  dispatcher?: Dispatcher;
  /** Left out, the node has no part in moves. */
  moves?: MoveHost;
};

/** All that steps may be given; each takes of it what it names. */
type StepContext = {
  options: VnAgentOptions;
  modules: AgentHost;
  acts: LedgerActs;
  events: EventStore;
  prosumers: ProsumerBook;
  choices: ChoiceStore;
  forecaster: ProsumerForecaster;
  planner: EventPlanner;
  dispatcher: Dispatcher;
  statements: StatementBook;
  outlooks: OutlookStore;
  consents: ConsentDesk;
  amendments: AmendmentDesk;
  setpoints: SetpointSender;
  balance: SelfBalancing;
};

type Step = (event: EventDocument, context: StepContext) => Promise<EventDocument>;

/** In the order of an event's life; each does nothing unless it is its turn. */
const STEPS: readonly Step[] = [
  respond,
  acceptContract,
  offerContracts,
  obtainConsents,
  amendContracts,
  sendSetpoints,
  watchDelivery,
  reportIntervals,
  rearrange,
  endRunning,
  settleDevices,
  settleContract,
  completeEvent,
  showLateReadings,
];

/**
 * The virtual node's agent: answers requests, contracts devices, watches them deliver, replaces those that do not, and
 * settles. It is driven by `tick` alone, which looks at durable state, requests, ledger, readings and clock and takes
 * the next idempotent steps; a process that is killed anywhere goes on where it was.
 */
export class VnAgent {
  readonly #context: StepContext;
  readonly #exchange: SignatureExchange;
  readonly #outlook = new OutlookIssuer();
  readonly #reporter = new ProsumerReporter();
  readonly #member = new ProgrammeMember();
  readonly #moves: NodeMoves | undefined;
  #heartbeatAtUnixMs = Number.NEGATIVE_INFINITY;
  #ticking: Promise<void> | undefined;
  #failedSteps = 0;

  private constructor(context: StepContext, exchange: SignatureExchange, moves: NodeMoves | undefined) {
    this.#context = context;
    this.#exchange = exchange;
    this.#moves = moves;
  }

  static async open(
    options: Partial<VnAgentOptions> & Pick<VnAgentOptions, "vnId" | "mspId">,
    modules: VnAgentModules,
  ): Promise<VnAgent> {
    const all: VnAgentOptions = { ...DEFAULT_AGENT_OPTIONS, ...options };
    const exchange = new SignatureExchange(all, modules);
    // Loaded now, so that judging an event later takes no turn of the event loop that a clock does not know of.
    const solver = await loadSolver();
    const { moves: host } = modules;
    const moves = host && (await NodeMoves.open(all, { ...modules, exchange, host }));
    const devices = () => modules.devices().filter(({ deviceId }) => moves?.isMoving(deviceId) !== true);
    const context: StepContext = {
      options: all,
      modules: { ...modules, devices },
      acts: new LedgerActs(modules.outbox, modules.log),
      events: await EventStore.open(modules.disk),
      prosumers: await ProsumerBook.open(modules.disk),
      choices: await ChoiceStore.open(modules.disk),
      forecaster: new ProsumerForecaster(await openForecasts(modules.disk)),
      planner: new EventPlanner(),
      dispatcher: modules.dispatcher ?? new InlineDispatcher(solver),
      outlooks: await openOutlooks(modules.disk),
      statements: new StatementBook(),
      amendments: new AmendmentDesk({ ...modules, exchange }),
      consents: new ConsentDesk(all, { ...modules, exchange }),
      setpoints: new SetpointSender(all, modules),
      balance: await SelfBalancing.open(all, modules.disk),
    };
    return new VnAgent(context, exchange, moves);
  }

  /** Takes what a device published on its signature channel. */
  receiveSignature(deviceId: string, bytes: Uint8Array): void {
    this.#exchange.receive(deviceId, bytes);
  }

  /** Takes what a device stated of its own flexibility; bytes that say nothing are counted with the failed steps. */
  receiveFlexibility(deviceId: string, bytes: Uint8Array): void {
    void this.#guard(`flexibility of ${deviceId}`, async () => this.#context.statements.receive(deviceId, bytes));
  }

  /** As above of what a device could store or put off. */
  receiveBalance(deviceId: string, bytes: Uint8Array): void {
    void this.#guard(`balance of ${deviceId}`, async () => this.#context.balance.receive(deviceId, bytes));
  }

  /** Takes the next steps of everything. A tick that is called during a tick is that tick. */
  tick(): Promise<void> {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = undefined;
    });
    return this.#ticking;
  }

  /** All events ever planned, in order of request ids. */
  events(): EventDocument[] {
    return this.#context.events.list();
  }

  /** The agent states of the node's prosumers, in order of ids. */
  prosumers(): ProsumerState[] {
    return this.#context.prosumers.list();
  }

  /** Changes of agent states that could not be kept, since the start. */
  forgottenProsumers(): number {
    return this.#context.prosumers.forgotten();
  }

  /** Newest forecast of the whole node, and of each prosumer. */
  forecasts(): { outlook: Outlook | undefined; prosumers: ProsumerForecast[] } {
    return { outlook: this.#context.outlooks.newest(), prosumers: this.#context.forecaster.newest() };
  }

  /** Devices that the request being planned has still to look at. */
  planningDevices(): number {
    return this.#context.planner.waitingCount();
  }

  /** The aggregator's guidelines for clusters, and the moves that it proposes to this node; undefined at first. */
  clusterGuidance(): ClusterGuidance | undefined {
    return this.#reporter.guidance();
  }

  /** Moves that the node has a part in, as far as it has got with them. */
  moves(): readonly NodeMove[] {
    return this.#moves?.list() ?? [];
  }

  /** The node's own balance between events; its units are only read. */
  balance(): Pick<SelfBalancing, "units" | "takingPartCount" | "leftAloneCount"> {
    return this.#context.balance;
  }

  /** Choices that are kept, oldest first. */
  choices(): readonly ChoiceSummary[] {
    return this.#context.choices.list();
  }

  /** A choice with what it was made by, and why each prosumer was called or not; undefined when it is not kept. */
  async explain(requestId: string): Promise<{ record: ChoiceRecord; explanations: ProsumerExplanation[] } | undefined> {
    const record = await this.#context.choices.find(requestId);
    return record === undefined ? undefined : { record, explanations: explainChoice(record, this.prosumers()) };
  }

  /** Why a device must stay with this node for now, in words; undefined when it may go to another one. */
  openBusinessOf(deviceId: string): string | undefined {
    if (this.#context.planner.runningRequestId() !== undefined) return "a request is being planned";
    return openBusinessOf(this.events(), deviceId, this.#context.modules.clock.nowUnixMs());
  }

  /** Since when readings may have to be proven for events under way, ms since the epoch; infinity for none. */
  evidenceNeededSinceUnixMs(): number {
    const unsaved = this.#context.planner.unsaved();
    const events = unsaved === undefined ? this.events() : [...this.events(), unsaved];
    return evidenceNeededSinceUnixMs(events, this.#context.options.mtuMs);
  }

  /** Steps that failed and are tried again with the next tick, since the start. */
  failedSteps(): number {
    return this.#failedSteps;
  }

  async #tick(): Promise<void> {
    await this.#guard("outlook", () => this.#outlook.step(this.#context));
    await this.#guard("forecasts", () => this.#context.forecaster.step(this.#context));
    await this.#guard("heartbeat", () => this.#beat());
    await this.#guard("moves", async () => this.#moves?.step());
    await this.#guard("requests", () => pollRequests(this.#context));
    for (const event of this.events()) {
      if (!isFinished(event)) await this.#guard(event.request.requestId, () => this.#advance(event));
    }
    // After the events: what they count on has been planned by now.
    await this.#guard("balance", () => this.#context.balance.step(this.#context));
  }

  async #beat(): Promise<void> {
    const nowUnixMs = this.#context.modules.clock.nowUnixMs();
    if (nowUnixMs < this.#heartbeatAtUnixMs + this.#context.options.heartbeatMs) return;
    await learnRebounds(this.#context);
    await sendHeartbeat(this.#context);
    await this.#guard("prosumers", () => this.#reporter.step(this.#context));
    await this.#guard("programme", () => this.#member.step(this.#context));
    this.#heartbeatAtUnixMs = nowUnixMs;
  }

  /** Every change is durable before the next step sees it. */
  async #advance(event: EventDocument): Promise<void> {
    let current = event;
    for (const step of STEPS) {
      const stepped = await step(current, this.#context);
      if (stepped === current) continue;
      // What is finished needs its candidates no more, and there would be megabytes of them.
      const next = isFinished(stepped) ? { ...stepped, candidates: [] } : stepped;
      await this.#context.events.save(next);
      if (next.phase !== current.phase) this.#logPhase(next);
      current = next;
    }
  }

  #logPhase({ request, phase, reason }: EventDocument): void {
    this.#context.modules.log.info("event_phase", { requestId: request.requestId, phase, reason });
  }

  /** One event that cannot go on must not hold up the others; it is tried again with the next tick. */
  async #guard(what: string, task: () => Promise<void>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#failedSteps += 1;
      this.#context.modules.log.warn("step_failed", { what, reason: String(error) });
    }
  }
}
