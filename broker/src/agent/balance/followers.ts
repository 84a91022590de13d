import type { BalanceStatement } from "@gridpact/proto";
import { DAY_MS } from "../../time-spans.ts";
import type { AskedBand } from "./balance-unit.ts";

/** Units in a row after which a device that does not follow is left alone: chance misses one or two. */
export const MISSES_MAX = 4;

/** A day: long enough to spare a broken device, short enough to see that it was repaired. */
const LEFT_ALONE_MS = DAY_MS;

/** Of the storage, what may be left over or free without the device being able to do more: power runs out near both. */
const MARGIN_PER_MILLE = 50n;

/** Who follows what it is asked, and who is left alone for a while because it does not. In memory alone. */
export class Followers {
  readonly #misses = new Map<string, number>();
  readonly #leftAloneUntilUnixMs = new Map<string, number>();

  /** Looks at what a device did in a unit that is over. */
  observe(
    deviceId: string,
    did: { asked: AskedBand; netW: number; statement: BalanceStatement },
    nowUnixMs: number,
  ): void {
    const misses = isMissed(did) ? (this.#misses.get(deviceId) ?? 0) + 1 : 0;
    if (misses < MISSES_MAX) {
      this.#misses.set(deviceId, misses);
      return;
    }
    this.#misses.delete(deviceId);
    this.#leftAloneUntilUnixMs.set(deviceId, nowUnixMs + LEFT_ALONE_MS);
  }

  isLeftAlone(deviceId: string, nowUnixMs: number): boolean {
    return nowUnixMs < (this.#leftAloneUntilUnixMs.get(deviceId) ?? Number.NEGATIVE_INFINITY);
  }

  leftAloneCount(nowUnixMs: number): number {
    return [...this.#leftAloneUntilUnixMs.values()].filter((until) => nowUnixMs < until).length;
  }

  /** Devices that are gone are forgotten. */
  keepOnly(deviceIds: ReadonlySet<string>): void {
    for (const each of [this.#misses, this.#leftAloneUntilUnixMs]) {
      for (const deviceId of each.keys()) if (!deviceIds.has(deviceId)) each.delete(deviceId);
    }
  }
}

/** Off the band by more than half of what was asked for, although storage could have done more. */
function isMissed({ asked, netW, statement }: Parameters<Followers["observe"]>[1]): boolean {
  const { storedWh, storedWhMax } = statement;
  const marginWh = (storedWhMax * MARGIN_PER_MILLE) / 1_000n;
  const toleratedW = Math.abs(asked.changeW) / 2;
  if (asked.changeW > 0) return netW < asked.importWMin - toleratedW && storedWh < storedWhMax - marginWh;
  return asked.changeW < 0 && netW > asked.importWMax + toleratedW && storedWh > marginWh;
}
