/** How the agent carries out moves of devices between nodes. */
export type { NodeMove } from "./node-move.ts";
export { type MoveHost, NodeMoves } from "./node-moves.ts";
export { openBusinessOf } from "./open-business.ts";
