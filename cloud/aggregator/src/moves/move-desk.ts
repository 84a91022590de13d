import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger } from "@gridpact/ledger";
import type { MoveOrder, MoveReport } from "@gridpact/proto";
import { AggregatorError } from "../aggregator-error.ts";
import type { ClusterBook, ClusterPlan } from "../clusters/index.ts";
import { DocumentStore } from "../store/index.ts";
import {
  type ApprovedMove,
  cancelled,
  ended,
  isCancellable,
  isEnded,
  type MoveView,
  moveIdOf,
  moveViews,
  orderFor,
  reported,
} from "./move.ts";
import { obstacleTo, readEntry } from "./registry-entry.ts";

/** Moves kept, ended ones included: some kilobytes each, and years of a handful every six hours. */
export const MOVES_MAX = 10_000;

/** Moves that one node is told of at once, the oldest first: with their tickets they fit into one answer. */
export const ORDERS_MAX = 8;

const DIRECTORY = "moves";

/** Which moves of which plan an operator approves; all that it proposes when none are named. */
export type Approval = { planHashHex: string; moveIds?: readonly string[] };

/** `clusters` has the newest plan, which is what may be approved, and learns of members that have moved. */
export type MoveDeskModules = {
  clock: Clock;
  disk: Disk;
  ledger: Pick<Ledger, "evaluate">;
  log: Log;
  clusters: ClusterBook;
};

/**
 * Carries approved moves from node to node: takes the gaining node's ticket to the losing one, hears what became of
 * the device's answer, and sees on the ledger where it is. Nothing moves that was not approved.
 */
export class MoveDesk {
  readonly #modules: MoveDeskModules;
  readonly #moves: DocumentStore<ApprovedMove>;

  private constructor(modules: MoveDeskModules, moves: DocumentStore<ApprovedMove>) {
    this.#modules = modules;
    this.#moves = moves;
  }

  static async open(modules: MoveDeskModules): Promise<MoveDesk> {
    const { disk } = modules;
    return new MoveDesk(modules, await DocumentStore.open({ disk, directory: DIRECTORY, countMax: MOVES_MAX }));
  }

  /** What is proposed, and what was approved, the newest first. */
  views(): MoveView[] {
    return moveViews(this.#newestPlan(), this.#moves.list());
  }

  /**
   * Approves moves of the newest plan; those that were approved before stay as they are. Either all are taken or none.
   * @throws AggregatorError MOVES_STALE, UNKNOWN_MOVE, MOVE_CONFLICT, MOVE_IMPOSSIBLE; StoreFullError
   */
  async approve({ planHashHex, moveIds }: Approval): Promise<MoveView[]> {
    const plan = this.#newestPlan();
    if (plan === null || plan.inputsHashHex !== planHashHex) {
      const newest = plan === null ? "there is none" : `it is ${plan.inputsHashHex}`;
      throw new AggregatorError("MOVES_STALE", `the newest plan is not ${planHashHex}: ${newest}`);
    }
    const proposed = new Map(plan.moves.map((move) => [moveIdOf(plan, move), move]));
    const chosen = moveIds ?? [...proposed.keys()];
    const approved: ApprovedMove[] = [];
    for (const moveId of chosen.filter((each) => this.#moves.get(each) === undefined)) {
      const move = proposed.get(moveId);
      if (move === undefined) throw new AggregatorError("UNKNOWN_MOVE", `${moveId} is no move of the newest plan`);
      approved.push(await this.#approvedMove(plan, { moveId, deviceId: move.memberId, ...move }));
    }
    for (const move of approved) {
      await this.#moves.insert(move.moveId, move);
      this.#modules.log.info("move_approved", { moveId: move.moveId, deviceId: move.deviceId, toVnId: move.toVnId });
    }
    const wanted = new Set(chosen);
    return this.views().filter(({ moveId }) => wanted.has(moveId));
  }

  /**
   * Approves what the newest plan proposes, each move for itself: one that is not possible any more stays proposed, and
   * holds up no other. An outage is thrown; asked again, it goes on with those that are left.
   */
  async approveProposed(): Promise<void> {
    const planHashHex = this.#newestPlan()?.inputsHashHex ?? "";
    for (const { moveId } of this.views().filter(({ state }) => state === "proposed")) {
      try {
        await this.approve({ planHashHex, moveIds: [moveId] });
      } catch (error) {
        if (!(error instanceof AggregatorError)) throw error;
      }
    }
  }

  /**
   * Cancels an approved move whose device has not been asked; one that is cancelled stays so. What the losing node has
   * not said yet may still make it too late: then the move is `underWay` again.
   * @throws AggregatorError UNKNOWN_MOVE, MOVE_TOO_LATE
   */
  async cancel(moveId: string): Promise<MoveView> {
    const { clock, log } = this.#modules;
    if (this.#moves.get(moveId) === undefined) {
      throw new AggregatorError("UNKNOWN_MOVE", `${moveId} is no approved move`);
    }
    await this.#moves.update(moveId, (move) => {
      if (move.state === "cancelled") return move;
      const tooLate = tooLateToCancel(move);
      if (tooLate !== undefined)
        throw new AggregatorError("MOVE_TOO_LATE", `${moveId} cannot be cancelled: ${tooLate}`);
      return cancelled(move, clock.nowUnixMs());
    });
    log.info("move_cancelled", { moveId, state: this.#moves.get(moveId)?.state });
    return this.views().find((view) => view.moveId === moveId) as MoveView;
  }

  /** Takes what a node says of its moves, and tells it all that it has a part in. */
  async exchange(vnId: string, reports: readonly MoveReport[]): Promise<MoveOrder[]> {
    const nowUnixMs = this.#modules.clock.nowUnixMs();
    for (const report of reports) {
      if (this.#moves.get(report.moveId) === undefined) continue;
      await this.#moves.update(report.moveId, (move) => reported(move, vnId, report, nowUnixMs));
    }
    const oldestFirst = this.#moves.list().sort((left, right) => left.approvedAtUnixMs - right.approvedAtUnixMs);
    return oldestFirst.flatMap((move) => orderFor(move, vnId) ?? []).slice(0, ORDERS_MAX);
  }

  /** Ends the moves whose devices the ledger has at their new nodes. */
  async step(): Promise<void> {
    const { ledger, clock, clusters, log } = this.#modules;
    for (const { moveId, deviceId, toVnId } of this.#underWay()) {
      const entry = await readEntry(ledger, deviceId);
      if (entry?.vnId !== toVnId || entry.state !== "active") continue;
      const nowUnixMs = clock.nowUnixMs();
      await clusters.moved(deviceId, toVnId, nowUnixMs);
      await this.#moves.update(moveId, (move) => ended(move, { state: "done", reason: "", nowUnixMs }));
      log.info("move_done", { moveId, deviceId, toVnId });
    }
  }

  /** Why a member must stay where it is, in words; undefined when it may be proposed to move. */
  async whyFixed(deviceId: string, fromVnId: string): Promise<string | undefined> {
    if (this.#openMoveOf(deviceId) !== undefined) return "it is moving";
    try {
      return await obstacleTo(this.#modules.ledger, { deviceId, fromVnId });
    } catch {
      // Not known is not movable: the next plan asks again.
      return "the ledger could not be asked";
    }
  }

  /** The node that a device has moved to last; undefined when it has not moved. */
  homeOf(deviceId: string): string | undefined {
    const done = this.#moves.list().filter((move) => move.deviceId === deviceId && move.state === "done");
    return done.sort((left, right) => (left.endedAtUnixMs ?? 0) - (right.endedAtUnixMs ?? 0)).at(-1)?.toVnId;
  }

  #underWay(): ApprovedMove[] {
    return this.#moves.list().filter((move) => !isEnded(move) && move.ticketHex !== null);
  }

  #newestPlan(): ClusterPlan | null {
    return this.#modules.clusters.plans().at(-1) ?? null;
  }

  #openMoveOf(deviceId: string): ApprovedMove | undefined {
    return this.#moves.list().find((move) => move.deviceId === deviceId && !isEnded(move));
  }

  async #approvedMove(
    plan: ClusterPlan,
    { moveId, deviceId, fromVnId, toVnId }: Pick<ApprovedMove, "moveId" | "deviceId" | "fromVnId" | "toVnId">,
  ): Promise<ApprovedMove> {
    const { ledger, clock, clusters } = this.#modules;
    const open = this.#openMoveOf(deviceId);
    if (open !== undefined) throw new AggregatorError("MOVE_CONFLICT", `${deviceId} is moving by ${open.moveId}`);
    const feeder = clusters.feederOf(deviceId);
    const obstacle = await obstacleTo(ledger, { deviceId, fromVnId });
    const entry = await readEntry(ledger, deviceId);
    if (obstacle !== undefined || entry === undefined || feeder === undefined) {
      throw new AggregatorError("MOVE_IMPOSSIBLE", `${deviceId} cannot move: ${obstacle ?? "no node describes it"}`);
    }
    const { guidelines, inputsHashHex: planHashHex } = plan;
    const parties = { moveId, deviceId, fromVnId, toVnId, feeder, guidelines, planHashHex };
    const { publicKeyHex } = entry;
    const begun = { state: "approved", reason: "", ticketHex: null, isClosed: false, endedAtUnixMs: null } as const;
    return { ...parties, publicKeyHex, approvedAtUnixMs: clock.nowUnixMs(), ...begun };
  }
}

/** In words; undefined while it is not. */
function tooLateToCancel(move: ApprovedMove): string | undefined {
  if (isEnded(move)) return `it is ${move.state}`;
  if (isCancellable(move)) return undefined;
  return move.nodeState === "offered" ? "its device is being asked" : "its device has agreed and is on its way";
}
