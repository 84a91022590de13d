/** What stands under each such key as far as anybody can tell who only asks whether the interval was sold. */
export const SOLD_TEXT = '{"contractId":"sold"}';

/**
 * Keys `sold/<device>/<start in ms>`, which are never deleted: one for each interval of each settlement of a season.
 * The contracts only ask whether there is one, so a number for each is kept, not the key and its value (200 bytes).
 */
export class SoldIntervals {
  /** Starts in whole seconds, an integer that needs no object of its own, in the order in which they were sold. */
  readonly #startsByDevice = new Map<string, number[]>();

  /** False for any other key, and for a start that is not on a second, which the caller has to keep himself. */
  add(key: string): boolean {
    const sold = read(key);
    if (sold === undefined) return false;
    const starts = this.#startsByDevice.get(sold.deviceId);
    if (starts === undefined) this.#startsByDevice.set(sold.deviceId, [sold.startUnixS]);
    else if (!includes(starts, sold.startUnixS)) starts.push(sold.startUnixS);
    return true;
  }

  has(key: string): boolean {
    const sold = read(key);
    return sold !== undefined && includes(this.#startsByDevice.get(sold.deviceId) ?? [], sold.startUnixS);
  }
}

/** From the newest on, since that is what is sold again by mistake. */
function includes(starts: readonly number[], startUnixS: number): boolean {
  return starts.lastIndexOf(startUnixS) !== -1;
}

function read(key: string): { deviceId: string; startUnixS: number } | undefined {
  if (!key.startsWith("sold/")) return undefined;
  const [, deviceId = "", startText = ""] = key.split("/");
  const startUnixS = Number(startText) / 1_000;
  return startText !== "" && Number.isSafeInteger(startUnixS) ? { deviceId, startUnixS } : undefined;
}
