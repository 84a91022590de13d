/** Moves of devices between nodes: what is proposed and approved, and how far each has come. */
export { type ApprovedMove, MOVE_STATES, type MoveState, type MoveView, moveViews } from "./move.ts";
export { type Approval, MoveDesk } from "./move-desk.ts";
