import { LedgerActs } from "@gridpact/ledger";
import type {
  ClusterGuidance,
  ClusterGuidelines,
  DrReport,
  DrResponse,
  MoveOrder,
  MoveReport,
  ProsumerSummary,
  VirtualNodeProfile,
} from "@gridpact/proto";
import { writeUnitJson } from "@gridpact/settlement";
import { AggregatorError } from "./aggregator-error.ts";
import type { AggregatorModules, StepContext } from "./aggregator-modules.ts";
import { type AggregatorOptions, DEFAULT_AGGREGATOR_OPTIONS } from "./aggregator-options.ts";
import { ClusterBook, type ClusterPlan } from "./clusters/index.ts";
import { type Allocation, allocate, type RankedVirtualNode } from "./decision/index.ts";
import { type Decision, DecisionBook, decide, inputsFor, type Recommendation } from "./dss/index.ts";
import {
  answered,
  checkPlan,
  type DrEvent,
  type EventPlan,
  type PlacedRequest,
  reported,
  withRequest,
} from "./event/index.ts";
import { ContractWatch, type LiveView, liveView, newestEvents, PowerHistory } from "./live/index.ts";
import { forecastOutlook } from "./market/index.ts";
import { type Approval, MoveDesk, type MoveView } from "./moves/index.ts";
import { enrolVirtualNode, type VirtualNode, type VirtualNodeEnrolment } from "./registry/index.ts";
import {
  completeContracts,
  expireRequests,
  finishEvent,
  ProgrammePublisher,
  placeRequests,
  registerNodes,
  setUpContracts,
} from "./steps/index.ts";
import { DocumentStore } from "./store/index.ts";

/** Events kept; at a few kilobytes each they fit in memory, and a year of daily events fits twenty times. */
export const EVENTS_MAX = 10_000;

/** Virtual nodes of one aggregator; a district each, this is a country. */
export const VIRTUAL_NODES_MAX = 1_024;

/** What a plan would lead to. */
export type PlanPreview = {
  recommendation: Recommendation;
  ranking: RankedVirtualNode[];
  allocations: Allocation[];
};

/** The state of clusters as an operator sees it. */
export type ClusterOverview = {
  guidelines: ClusterGuidelines;
  nodes: { vnId: string; members: number }[];
  newest: ClusterPlan | null;
  /** What is proposed, and what was approved, the newest first. */
  moves: MoveView[];
};

/**
 * The aggregator: enrols virtual nodes, decides who serves a request, calls fallback nodes, completes the contracts. It
 * is driven by `tick` alone, which looks at durable state, ledger and clock and takes the next idempotent steps; a
 * process that is killed anywhere goes on where it was.
 */
export class AggregatorCore {
  readonly #context: StepContext;
  readonly #watch: ContractWatch;
  readonly #power = new PowerHistory();
  readonly #publisher = new ProgrammePublisher();
  #chain: LiveView["ledger"] = null;
  /** Whether anybody has looked at the live view since the chain was asked last. */
  #isSeen = true;
  #ticking: Promise<void> | undefined;
  #failedSteps = 0;

  private constructor(context: StepContext) {
    this.#context = context;
    this.#watch = new ContractWatch(context.modules.ledger);
  }

  static async open(options: Partial<AggregatorOptions>, modules: AggregatorModules): Promise<AggregatorCore> {
    const { disk, outbox, log } = modules;
    const all: AggregatorOptions = { ...DEFAULT_AGGREGATOR_OPTIONS, ...options };
    const clusters = await ClusterBook.open(disk, all.clusterGuidelines);
    return new AggregatorCore({
      options: all,
      modules,
      acts: new LedgerActs(outbox, log),
      events: await DocumentStore.open<DrEvent>({ disk, directory: "events", countMax: EVENTS_MAX }),
      nodes: await DocumentStore.open<VirtualNode>({
        disk,
        directory: "virtual-nodes",
        countMax: VIRTUAL_NODES_MAX,
      }),
      decisions: new DecisionBook(disk),
      clusters,
      moves: await MoveDesk.open({ ...modules, clusters }),
    });
  }

  /** Admits a virtual node, or changes its price or connection; the ledger hears of it with the next tick. */
  async enrolVirtualNode(enrolment: VirtualNodeEnrolment): Promise<VirtualNode> {
    const { nodes, modules } = this.#context;
    await nodes.insert(enrolment.vnId, enrolVirtualNode(enrolment, modules.clock.nowUnixMs()));
    return nodes.update(enrolment.vnId, (current) => {
      const changed = { ...current, ...enrolment };
      return writeUnitJson(changed) === writeUnitJson(current) ? current : changed;
    });
  }

  virtualNodes(): VirtualNode[] {
    return this.#context.nodes.list();
  }

  /**
   * What a plan would lead to under each strategy, and whom it would be sent to by the recommended one. Sends and
   * stores nothing.
   * @throws AggregatorError PLAN_INVALID
   */
  preview(plan: EventPlan): PlanPreview {
    return this.#decide(plan).preview;
  }

  /**
   * Takes on an event, and keeps the decision about it; its requests go out with the next tick. The same plan again
   * changes nothing.
   * @throws AggregatorError PLAN_INVALID or PLAN_CONFLICT; StoreFullError
   */
  async planEvent(plan: EventPlan): Promise<DrEvent> {
    const known = this.event(plan.eventId);
    if (known === undefined) {
      const { decision, preview } = this.#decide(plan);
      await this.#context.decisions.save(decision);
      const { ranking, recommendation } = preview;
      const { recommended, reasons } = recommendation;
      const { eventId } = plan;
      this.#context.modules.log.info("strategy_decided", { eventId, strategy: recommended, reason: reasons[0] });
      const plannedAtUnixMs = decision.inputs.nowUnixMs;
      const event: DrEvent = { plan, plannedAtUnixMs, recommendation, ranking, requests: [], result: null };
      return this.#context.events.insert(plan.eventId, event);
    }
    if (writeUnitJson(known.plan) === writeUnitJson(plan)) return known;
    throw new AggregatorError("PLAN_CONFLICT", plan.eventId);
  }

  /**
   * The decision about an event, with all that it followed from.
   * @throws AggregatorError UNKNOWN_EVENT
   */
  async decision(eventId: string): Promise<Decision> {
    const decision = await this.#context.decisions.find(eventId);
    if (decision === undefined) throw new AggregatorError("UNKNOWN_EVENT", eventId);
    return decision;
  }

  /** In order of event ids. */
  events(): DrEvent[] {
    return this.#context.events.list();
  }

  event(eventId: string): DrEvent | undefined {
    return this.#context.events.get(eventId);
  }

  /**
   * A heartbeat of an enrolled node.
   * @throws AggregatorError UNKNOWN_VIRTUAL_NODE
   */
  async register(profile: VirtualNodeProfile): Promise<void> {
    this.#demandNode(profile.vnId);
    const atUnixMs = this.#context.modules.clock.nowUnixMs();
    this.#power.add(profile.vnId, { atUnixMs, importW: profile.importW });
    await this.#context.nodes.update(profile.vnId, (node) => ({ ...node, heartbeat: { atUnixMs, profile } }));
  }

  /**
   * What a node says of some of its prosumers, for clusters.
   * @throws AggregatorError UNKNOWN_VIRTUAL_NODE
   */
  async describeProsumers(vnId: string, summaries: readonly ProsumerSummary[]): Promise<void> {
    this.#demandNode(vnId);
    const { clusters, moves, modules } = this.#context;
    // A late word of the node that a device has left would take it back.
    const own = summaries.filter(({ prosumerId }) => (moves.homeOf(prosumerId) ?? vnId) === vnId);
    await clusters.describe(vnId, own, modules.clock.nowUnixMs());
  }

  /** Guidelines, how many members each node has, and what is proposed; null before any node has spoken. */
  clusters(): ClusterOverview {
    const { clusters } = this.#context;
    const newest = clusters.plans().at(-1) ?? null;
    const moves = this.#context.moves.views();
    return { guidelines: clusters.guidelines(), nodes: clusters.memberCounts(), newest, moves };
  }

  /**
   * Approves moves of the newest plan, by its hash; approved ones are carried out by their nodes.
   * @throws AggregatorError MOVES_STALE, UNKNOWN_MOVE, MOVE_CONFLICT, MOVE_IMPOSSIBLE; StoreFullError
   */
  approveMoves(approval: Approval): Promise<MoveView[]> {
    return this.#context.moves.approve(approval);
  }

  /**
   * Cancels an approved move; it is `cancelling` until its node has said that the device was not asked.
   * @throws AggregatorError UNKNOWN_MOVE, MOVE_TOO_LATE
   */
  cancelMove(moveId: string): Promise<MoveView> {
    return this.#context.moves.cancel(moveId);
  }

  /**
   * Takes what a node says of its moves; resolves to all that it has a part in.
   * @throws AggregatorError UNKNOWN_VIRTUAL_NODE
   */
  async exchangeMoves(vnId: string, reports: readonly MoveReport[]): Promise<MoveOrder[]> {
    this.#demandNode(vnId);
    return this.#context.moves.exchange(vnId, reports);
  }

  /** What a node is told about its cluster: the guidelines, and the newest proposals that concern it. */
  clusterGuidance(vnId: string): ClusterGuidance {
    const { guidelines, newest } = this.clusters();
    const moves = newest?.moves.filter(({ fromVnId, toVnId }) => fromVnId === vnId || toVnId === vnId) ?? [];
    return { guidelines, moves };
  }

  /** @throws AggregatorError UNKNOWN_REQUEST, RESPONSE_INVALID, RESPONSE_CONFLICT or RESPONSE_TOO_LATE */
  async respond(requestId: string, response: DrResponse): Promise<void> {
    const nowUnixMs = this.#context.modules.clock.nowUnixMs();
    await this.#changeRequest(requestId, (placed) => answered(placed, response, nowUnixMs));
  }

  /** @throws AggregatorError UNKNOWN_REQUEST or REPORT_INVALID */
  async report(requestId: string, report: DrReport): Promise<void> {
    await this.#changeRequest(requestId, (placed) => reported(placed, report));
  }

  /** Takes the next steps of every event that is not completed. A tick that is called during a tick is that tick. */
  tick(): Promise<void> {
    this.#ticking ??= this.#tick().finally(() => {
      this.#ticking = undefined;
    });
    return this.#ticking;
  }

  /** Steps that failed and are tried again with the next tick, since the start. */
  failedSteps(): number {
    return this.#failedSteps;
  }

  /** What the live page shows. */
  liveView(): LiveView {
    this.#isSeen = true;
    const { options, modules } = this.#context;
    return liveView({
      nowUnixMs: modules.clock.nowUnixMs(),
      aliveMsMax: options.aliveMsMax,
      ledger: this.#chain,
      nodes: this.virtualNodes(),
      events: this.events(),
      clusters: this.clusters(),
      powerHistoryOf: (vnId) => this.#power.of(vnId),
      devicesOf: (eventId) => this.#watch.devicesOf(eventId),
    });
  }

  async #tick(): Promise<void> {
    this.#publisher.step(this.#context);
    await this.#guard("virtual nodes", () => registerNodes(this.#context));
    for (const event of this.events()) {
      if (event.result === null) await this.#guard(event.plan.eventId, () => this.#advance(event));
    }
    await this.#guard("clusters", () => this.#planClusters());
    await this.#guard("moves", () => this.#context.moves.step());
    await this.#guard("live view", () => this.#look());
  }

  async #planClusters(): Promise<void> {
    const { clusters, modules, moves: desk, options } = this.#context;
    const prosumerCount = this.virtualNodes().reduce((sum, each) => sum + (each.heartbeat?.profile.feidCount ?? 0), 0);
    const whyFixed = desk.whyFixed.bind(desk);
    const plan = await clusters.planIfDue(modules.clock.nowUnixMs(), prosumerCount, whyFixed);
    if (options.moves === "apply") await desk.approveProposed();
    if (plan === undefined) return;
    const { eventCount, moves, reasons } = plan;
    modules.log.info("clusters_planned", {
      prosumerCount: plan.prosumerCount,
      eventCount,
      moves: moves.length,
      reason: reasons[0],
    });
  }

  async #advance(event: DrEvent): Promise<void> {
    let current = event;
    for (const step of STEPS) current = await step(current, this.#context);
  }

  /** Reads what the page shows and no event needs. */
  async #look(): Promise<void> {
    const { ledger, clock } = this.#context.modules;
    // A question to the ledger costs two signatures: with each tick it would be most of what an idle aggregator does.
    if (this.#isSeen) {
      const { height, currentBlockHash } = await ledger.chainInfo().catch((error: unknown) => {
        // With the old height kept, `/ready` would still say that a ledger is there.
        this.#chain = null;
        throw error;
      });
      this.#chain = { height, headHashHex: Buffer.from(currentBlockHash).toString("hex") };
      this.#isSeen = false;
    }
    for (const event of newestEvents(this.events())) await this.#watch.look(event, clock.nowUnixMs());
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

  async #changeRequest(requestId: string, change: (placed: PlacedRequest) => PlacedRequest): Promise<void> {
    const { eventId } = this.#demandRequest(requestId);
    await this.#context.events.update(eventId, (event) => withRequest(event, requestId, change));
  }

  #decide(plan: EventPlan): { decision: Decision; preview: PlanPreview } {
    const { options, modules } = this.#context;
    const nowUnixMs = modules.clock.nowUnixMs();
    checkPlan(plan, { mtuMs: options.mtuMs, nowUnixMs, programme: options.programme });
    const known = modules.market?.(nowUnixMs);
    const outlook = known === undefined ? null : forecastOutlook(plan.intervals, known);
    const { strategy: wanted, whatIfDraws: draws } = options;
    const situation = { wanted, draws, nodes: this.virtualNodes(), outlook, nowUnixMs, options };
    const { inputs, rankings } = inputsFor(plan, situation);
    const decision = decide(inputs);
    const { recommendation } = decision;
    const ranking = rankings[recommendation.recommended];
    const allocations = allocate(plan.requestedWh, ranking, options.mtuMs);
    return { decision, preview: { recommendation, ranking, allocations } };
  }

  #demandNode(vnId: string): void {
    if (this.#context.nodes.get(vnId) === undefined) throw new AggregatorError("UNKNOWN_VIRTUAL_NODE", vnId);
  }

  #demandRequest(requestId: string): { eventId: string; placed: PlacedRequest } {
    for (const event of this.events()) {
      const placed = event.requests.find(({ request }) => request.requestId === requestId);
      if (placed !== undefined) return { eventId: event.plan.eventId, placed };
    }
    throw new AggregatorError("UNKNOWN_REQUEST", requestId);
  }
}

/** In the order of an event's life; each looks at the newest state and does nothing when it is not its turn. */
const STEPS = [expireRequests, placeRequests, setUpContracts, completeContracts, finishEvent];
