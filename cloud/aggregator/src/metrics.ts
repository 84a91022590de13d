import { sumOf as totalOf } from "@gridpact/settlement";
import { Counter, Gauge, Registry } from "prom-client";
import type { AggregatorCore } from "./aggregator-core.ts";
import { type EventPhase, phaseOf } from "./event/index.ts";
import type { LiveFeed } from "./live/index.ts";
import { MOVE_STATES } from "./moves/index.ts";

/** What a timekeeper has before it, and what it has done since the start. */
type InstantCounts = { waiting: number; attested: number };

/** What a dispute keeper has before it, and what it has begun since the start. */
type DisputeCounts = { waiting: number; opened: number };

/** Counts of the organisation's timekeeper and dispute keeper, where it runs them. */
export type KeeperCounts = { instants?: () => InstantCounts; disputes?: () => DisputeCounts };

/** Metrics in the Prometheus text format, read from the core when they are asked for. */
export class AggregatorMetrics {
  readonly contentType: string;
  readonly #registry = new Registry();

  constructor(core: AggregatorCore, feed: LiveFeed, { instants, disputes }: KeeperCounts = {}) {
    this.contentType = this.#registry.contentType;
    this.#describeNodes(core);
    this.#describeEvents(core);
    this.#describeMoves(core);
    this.#describeMoney(core);
    this.#counter("gridpact_aggregator_failed_steps_total", "Steps that failed and are tried again.", () =>
      core.failedSteps(),
    );
    this.#gauge("gridpact_aggregator_ledger_height_blocks", "Blocks on the ledger; 0 while it does not answer.", () => {
      return core.liveView().ledger?.height ?? 0;
    });
    this.#gauge("gridpact_aggregator_live_viewers", "Open live pages.", () => feed.viewerCount());
    if (instants !== undefined) this.#describeInstants(instants);
    if (disputes !== undefined) this.#describeDisputes(disputes);
  }

  render(): Promise<string> {
    return this.#registry.metrics();
  }

  #describeNodes(core: AggregatorCore): void {
    const labelNames = ["vn"] as const;
    const perNode = (name: string, help: string, value: (node: LiveNode) => number) => {
      const gauge = new Gauge({
        name,
        help,
        labelNames,
        registers: [this.#registry],
        collect() {
          for (const node of core.liveView().virtualNodes) gauge.set({ vn: node.vnId }, value(node));
        },
      });
    };
    perNode("gridpact_aggregator_vn_alive", "1 while heartbeats arrive.", (node) => Number(node.isAlive));
    perNode("gridpact_aggregator_vn_import_watts", "Import at the newest heartbeat.", (node) => node.importW);
    perNode("gridpact_aggregator_vn_reducible_watts", "Reduction it says it can make.", (node) => node.reduceWMax);
    perNode("gridpact_aggregator_vn_reliability_ratio", "Delivered of past orders.", (node) => {
      return node.reliabilityPerMille / 1_000;
    });
  }

  #describeEvents(core: AggregatorCore): void {
    const gauge = new Gauge({
      name: "gridpact_aggregator_events",
      help: "Events by phase.",
      labelNames: ["phase"] as const,
      registers: [this.#registry],
      collect() {
        gauge.reset();
        const { nowUnixMs } = core.liveView();
        const counts = new Map<EventPhase, number>();
        for (const event of core.events()) {
          const phase = phaseOf(event, nowUnixMs);
          counts.set(phase, (counts.get(phase) ?? 0) + 1);
        }
        for (const [phase, count] of counts) gauge.set({ phase }, count);
      },
    });
    this.#counter("gridpact_aggregator_requested_energy_watthours_total", "Requested in completed events.", () => {
      return Number(sumOf(core, (result) => result.requestedWh));
    });
    this.#counter("gridpact_aggregator_delivered_energy_watthours_total", "Delivered in completed events.", () => {
      return Number(sumOf(core, (result) => result.deliveredWh));
    });
  }

  #describeMoves(core: AggregatorCore): void {
    const gauge = new Gauge({
      name: "gridpact_aggregator_moves",
      help: "Moves of devices between nodes by state; at most 10,000 approved ones are kept.",
      labelNames: ["state"] as const,
      registers: [this.#registry],
      collect() {
        gauge.reset();
        for (const state of MOVE_STATES) {
          gauge.set({ state }, core.clusters().moves.filter((move) => move.state === state).length);
        }
      },
    });
  }

  /** Deadlines stand still when those that wait grow and none are attested. */
  #describeInstants(counts: () => InstantCounts): void {
    this.#gauge("gridpact_aggregator_waiting_instants", "Instants that contracts wait for.", () => counts().waiting);
    this.#counter("gridpact_aggregator_attested_instants_total", "Instants attested since the start.", () => {
      return counts().attested;
    });
  }

  #describeDisputes(counts: () => DisputeCounts): void {
    this.#gauge(
      "gridpact_aggregator_unfinished_contracts",
      "Settled contracts and disputes that are not over yet.",
      () => {
        return counts().waiting;
      },
    );
    this.#counter("gridpact_aggregator_opened_disputes_total", "Disputes opened since the start.", () => {
      return counts().opened;
    });
  }

  #describeMoney(core: AggregatorCore): void {
    this.#counter("gridpact_aggregator_paid_euros_total", "Paid in completed events.", () => {
      return Number(sumOf(core, (result) => result.money.paidMicro)) / MICRO;
    });
    this.#counter("gridpact_aggregator_penalty_euros_total", "Penalties in completed events.", () => {
      return Number(sumOf(core, (result) => result.money.penaltyMicro)) / MICRO;
    });
  }

  #gauge(name: string, help: string, value: () => number): void {
    const collect = (): void => gauge.set(value());
    const gauge: Gauge = new Gauge({ name, help, registers: [this.#registry], collect });
  }

  /** The core keeps the count; the counter only shows it. */
  #counter(name: string, help: string, value: () => number): void {
    const collect = (): void => {
      counter.reset();
      counter.inc(value());
    };
    const counter: Counter = new Counter({ name, help, registers: [this.#registry], collect });
  }
}

type LiveNode = ReturnType<AggregatorCore["liveView"]>["virtualNodes"][number];
type Result = NonNullable<ReturnType<AggregatorCore["events"]>[number]["result"]>;

/** Micro-currency in one unit: Prometheus wants base units, and display may round. */
const MICRO = 1_000_000;

function sumOf(core: AggregatorCore, amount: (result: Result) => bigint): bigint {
  return totalOf(core.events().flatMap(({ result }) => (result === null ? [] : [amount(result)])));
}
