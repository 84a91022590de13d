import type { Disk } from "@gridpact/host";

const PATH = "moves.json";

/** Moves that one node has a part in at once; a plan has a handful, and ended ones are forgotten soon. */
export const NODE_MOVES_MAX = 64;

/**
 * A device that leaves this node. Every arrow is durable.
 * ```
 * waiting -> offered -> released -> left
 *    |          |           +-> returning -> returned | left    the ledger decides
 *    |          +-> refused    by the device, by silence, or by the ledger
 *    +-> cancelled    by the operator
 * ```
 */
export type LosingMove = {
  side: "losing";
  moveId: string;
  deviceId: string;
  toVnId: string;
  /** NodeStatement of the other node's ticket, hex. */
  ticketHex: string;
  state: "waiting" | "offered" | "released" | "returning" | "left" | "refused" | "returned" | "cancelled";
  /** In words; empty when there is nothing to explain. */
  reason: string;
  /** What the device is asked, from `offered` on; the same again after a crash. */
  offer: { statementHex: string; revision: number; deadlineUnixMs: number } | null;
};

/** A device that comes here; `closed` once its ticket is withdrawn. */
export type GainingMove = {
  side: "gaining";
  moveId: string;
  deviceId: string;
  state: "ticketed" | "closed";
  ticketHex: string | null;
};

/** A node has one part in a move: it loses the device, or gains it. */
export type NodeMove = LosingMove | GainingMove;

/** The moves that a node has a part in; a change is visible only once it is durable. */
export class NodeMoveStore {
  readonly #disk: Disk;
  #moves: NodeMove[];

  private constructor(disk: Disk, moves: NodeMove[]) {
    this.#disk = disk;
    this.#moves = moves;
  }

  static async open(disk: Disk): Promise<NodeMoveStore> {
    const bytes = await disk.read(PATH);
    return new NodeMoveStore(
      disk,
      bytes === undefined ? [] : (JSON.parse(Buffer.from(bytes).toString()) as NodeMove[]),
    );
  }

  list(): readonly NodeMove[] {
    return this.#moves;
  }

  find(moveId: string): NodeMove | undefined {
    return this.#moves.find((move) => move.moveId === moveId);
  }

  canAcceptWork(): boolean {
    return this.#moves.length < NODE_MOVES_MAX;
  }

  async save(move: NodeMove): Promise<void> {
    const isKnown = this.find(move.moveId) !== undefined;
    await this.#keep(
      isKnown ? this.#moves.map((each) => (each.moveId === move.moveId ? move : each)) : [...this.#moves, move],
    );
  }

  async forget(moveId: string): Promise<void> {
    await this.#keep(this.#moves.filter((move) => move.moveId !== moveId));
  }

  async #keep(moves: NodeMove[]): Promise<void> {
    await this.#disk.replace(PATH, Buffer.from(JSON.stringify(moves)));
    this.#moves = moves;
  }
}
