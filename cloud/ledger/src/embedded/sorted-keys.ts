/**
 * The keys of a store in the order of their UTF-8 bytes, which is the order every Fabric state database has and not
 * that of JavaScript strings. Writes only note what changed, as range queries are rare; the next query puts in order.
 */
export class SortedKeys {
  #sorted: string[] = [];
  #added: string[] = [];
  #hasRemovals = false;

  noteAdded(key: string): void {
    this.#added.push(byteOrder(key));
  }

  noteRemoved(): void {
    this.#hasRemovals = true;
  }

  /** Keys in [start, end); an empty end means no end. `allKeys` is asked only after a removal. */
  range(start: string, end: string, allKeys: () => Iterable<string>): string[] {
    this.#putInOrder(allKeys);
    const from = lowerBound(this.#sorted, byteOrder(start));
    const to = end === "" ? this.#sorted.length : lowerBound(this.#sorted, byteOrder(end));
    return this.#sorted.slice(from, to).map(fromByteOrder);
  }

  #putInOrder(allKeys: () => Iterable<string>): void {
    if (this.#hasRemovals) {
      this.#sorted = Array.from(allKeys(), byteOrder).sort(compareText);
    } else if (this.#added.length > 0) {
      // Two sorted runs: the engine's merge sort joins them in linear time.
      this.#sorted = [...this.#sorted, ...this.#added.sort(compareText)].sort(compareText);
    }
    this.#added = [];
    this.#hasRemovals = false;
  }
}

/** Compares two keys by their UTF-8 bytes. */
export function compareKeys(left: string, right: string): number {
  return compareText(byteOrder(left), byteOrder(right));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: composite keys begin with U+0000.
const ASCII_ONLY = /^[\u0000-\u007f]*$/;

/** A text of one character per UTF-8 byte: compares as the bytes do. Plain ASCII, the usual key, is that already. */
function byteOrder(key: string): string {
  return ASCII_ONLY.test(key) ? key : Buffer.from(key, "utf8").toString("latin1");
}

function fromByteOrder(ordered: string): string {
  return ASCII_ONLY.test(ordered) ? ordered : Buffer.from(ordered, "latin1").toString("utf8");
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function lowerBound(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
