import type { Move as ProposedMove } from "@gridpact/flexibility";
import type { ClusterGuidelines, MoveOrder, MoveReport } from "@gridpact/proto";
import type { ClusterPlan } from "../clusters/index.ts";

/**
 * Where a move stands. The losing node reports what it does; that the device is at its new node is read on the ledger.
 * ```
 * proposed --operator--> approved --losing node works on it--> underWay --ledger--> done
 *                            +----------------------------------+--> refused, with the reason
 *                            +--operator--> cancelling --losing node has not asked the device--> cancelled
 *                                               +--it has--> underWay
 * ```
 */
export const MOVE_STATES = ["proposed", "approved", "underWay", "cancelling", "done", "refused", "cancelled"] as const;
/** One of `MOVE_STATES`. */
export type MoveState = (typeof MOVE_STATES)[number];

/** A move that was approved, durable. */
export type ApprovedMove = {
  moveId: string;
  deviceId: string;
  fromVnId: string;
  toVnId: string;
  feeder: string;
  guidelines: ClusterGuidelines;
  /** The plan that proposed it, by the hash of what it followed from. */
  planHashHex: string;
  publicKeyHex: string;
  approvedAtUnixMs: number;
  state: Exclude<MoveState, "proposed">;
  /** Why it waits, or why it came to nothing, in words. */
  reason: string;
  /** What the losing node said last; undefined as long as it has said nothing. */
  nodeState?: MoveReport["state"];
  /** Of the gaining node; null before it gave one, and once the move has ended. */
  ticketHex: string | null;
  /** The gaining node has no ticket for it, or needs none any more. */
  isClosed: boolean;
  endedAtUnixMs: number | null;
};

/** A move as an operator sees it. */
export type MoveView = Pick<ApprovedMove, "moveId" | "deviceId" | "fromVnId" | "toVnId" | "reason"> & {
  state: MoveState;
  approvedAtUnixMs: number | null;
  endedAtUnixMs: number | null;
};

/** Names a move of a plan: one that is proposed again by another plan is another move. */
export function moveIdOf(
  plan: Pick<ClusterPlan, "inputsHashHex">,
  { memberId }: Pick<ProposedMove, "memberId">,
): string {
  return `${plan.inputsHashHex.slice(0, 12)}.${memberId}`;
}

/** What the newest plan proposes and nobody has approved, and then all approved moves, the newest first. */
export function moveViews(newest: ClusterPlan | null, approved: readonly ApprovedMove[]): MoveView[] {
  const known = new Set(approved.map(({ moveId }) => moveId));
  const proposed = (newest?.moves ?? []).flatMap((move): MoveView[] => {
    const moveId = moveIdOf(newest as ClusterPlan, move);
    const { memberId: deviceId, fromVnId, toVnId } = move;
    if (known.has(moveId)) return [];
    const open = { state: "proposed", reason: "", approvedAtUnixMs: null, endedAtUnixMs: null } as const;
    return [{ moveId, deviceId, fromVnId, toVnId, ...open }];
  });
  const byAge = [...approved].sort((left, right) => right.approvedAtUnixMs - left.approvedAtUnixMs);
  return [...proposed, ...byAge.map(viewOf)];
}

function viewOf(move: ApprovedMove): MoveView {
  const { moveId, deviceId, fromVnId, toVnId, state, reason, approvedAtUnixMs, endedAtUnixMs } = move;
  return { moveId, deviceId, fromVnId, toVnId, state, reason, approvedAtUnixMs, endedAtUnixMs };
}

/** Nothing becomes of it any more; the device is free to be in another move. */
export function isEnded({ state }: Pick<ApprovedMove, "state">): boolean {
  return state === "done" || state === "refused" || state === "cancelled";
}

/** What a node is told of a move; undefined when it has nothing (more) to do for it. */
export function orderFor(move: ApprovedMove, vnId: string): MoveOrder | undefined {
  const { moveId, deviceId, fromVnId, toVnId, feeder, guidelines, publicKeyHex, ticketHex } = move;
  const isToBeClosed = vnId === toVnId && isEnded(move) && !move.isClosed;
  const isToBeCancelled = vnId === fromVnId && move.state === "cancelling";
  const isOpen = !isEnded(move) && (vnId === fromVnId || vnId === toVnId);
  if (!isOpen && !isToBeClosed) return undefined;
  const parties = { moveId, deviceId, fromVnId, toVnId, feeder, guidelines };
  return { ...parties, publicKeyHex, ticketHex, isCancelled: isToBeClosed || isToBeCancelled };
}

/** The move after a report of one of its nodes; of any other node, and once it has ended, nothing changes. */
export function reported(move: ApprovedMove, vnId: string, report: MoveReport, nowUnixMs: number): ApprovedMove {
  if (vnId === move.toVnId) return reportedByGaining(move, report);
  return vnId === move.fromVnId && !isEnded(move) ? reportedByLosing(move, report, nowUnixMs) : move;
}

function reportedByGaining(move: ApprovedMove, { state, ticketHex }: MoveReport): ApprovedMove {
  if (state === "closed") return move.isClosed ? move : { ...move, isClosed: true };
  const isNews = state === "ticketed" && !isEnded(move) && move.ticketHex === null && ticketHex !== null;
  return isNews ? { ...move, ticketHex } : move;
}

function reportedByLosing(
  move: ApprovedMove,
  { state: nodeState, reason }: MoveReport,
  nowUnixMs: number,
): ApprovedMove {
  if (nodeState === "cancelled") return ended(move, { state: "cancelled", reason, nowUnixMs });
  if (nodeState === "refused" || nodeState === "returned") return ended(move, { state: "refused", reason, nowUnixMs });
  // Until it has heard of the cancelling, a node that waits says only what it waits for.
  const state = move.state === "cancelling" && isCancellable({ nodeState }) ? "cancelling" : "underWay";
  const isNews = move.state !== state || move.reason !== reason || move.nodeState !== nodeState;
  return isNews ? { ...move, state, reason, nodeState } : move;
}

/** Whether the device has not been asked, as far as its node has said. */
export function isCancellable({ nodeState }: Pick<ApprovedMove, "nodeState">): boolean {
  return nodeState === undefined || nodeState === "waiting";
}

/**
 * The move as it is once an operator has cancelled it. Before there is a ticket its device's node knows nothing of it;
 * from then on only that node can say that the device was not asked.
 */
export function cancelled(move: ApprovedMove, nowUnixMs: number): ApprovedMove {
  const reason = "the operator cancelled it";
  if (move.ticketHex === null) return ended(move, { state: "cancelled", reason, nowUnixMs });
  return move.state === "cancelling" ? move : { ...move, state: "cancelling" };
}

/** The move at its end. The ticket goes: who finds it later must not enrol by it. */
export function ended(
  move: ApprovedMove,
  end: { state: "done" | "refused" | "cancelled"; reason: string; nowUnixMs: number },
): ApprovedMove {
  const { state, reason, nowUnixMs } = end;
  // A ticket that was used needs no closing.
  return { ...move, state, reason, ticketHex: null, isClosed: state === "done", endedAtUnixMs: nowUnixMs };
}
