import { createHash } from "node:crypto";

/** A batch of leaf hashes with a path for each of them. [RFC6962 s.2.1] */
export class MerkleBatch {
  /** Leaves first, root last; a node without a sibling goes up as it is, which is the standard's tree. */
  readonly #levels: Uint8Array[][];

  /** At least one leaf. */
  constructor(leaves: readonly Uint8Array[]) {
    this.#levels = [[...leaves]];
    for (let level = this.#levels[0] ?? []; level.length > 1; ) {
      level = Array.from({ length: Math.ceil(level.length / 2) }, (_, index) => nodeOf(level, index));
      this.#levels.push(level);
    }
  }

  get size(): number {
    return this.#levels[0]?.length ?? 0;
  }

  rootHex(): string {
    return hex(this.#levels.at(-1)?.[0]);
  }

  /** Sibling hashes from leaf to root. */
  pathHex(leafIndex: number): string[] {
    return this.#levels
      .map((level, height) => level[Math.floor(leafIndex / 2 ** height) ^ 1])
      .slice(0, -1)
      .filter((sibling) => sibling !== undefined)
      .map(hex);
  }
}

function nodeOf(level: readonly Uint8Array[], index: number): Uint8Array {
  const [left, right] = [level[2 * index], level[2 * index + 1]];
  if (left === undefined) throw new RangeError("no such node");
  return right === undefined ? left : createHash("sha256").update(Uint8Array.of(1)).update(left).update(right).digest();
}

function hex(bytes: Uint8Array | undefined): string {
  return Buffer.from(bytes ?? []).toString("hex");
}
