import { strict as assert } from "node:assert";
import type { BalanceBand, PowerLimit, Setpoint } from "@gridpact/proto";

/** Why a setpoint was not taken over. Also the metric label. */
export type SetpointRefusal = "malformed" | "stale_revision" | "too_many_events" | "not_taking_part";

/** Events remembered at once: an event or two a day, some days ahead, and cancelled ones for their revision. */
export const SETPOINT_EVENTS_MAX = 16;

/** Limits in one setpoint: two days of quarter hours. */
export const SETPOINT_LIMITS_MAX = 192;

const EVENT_ID_LENGTH_MAX = 128;

/**
 * The newest setpoint of each event. Revisions only grow, so that setpoints delivered twice or out of order end in the
 * same limits.
 */
export class SetpointBook {
  readonly #setpoints = new Map<string, Setpoint>();
  readonly #balances: boolean;

  /** @param balances whether the owner lets the device take part in self-balancing */
  constructor(balances = false) {
    this.#balances = balances;
  }

  /** Takes over a setpoint, or says why not. */
  accept(setpoint: Setpoint, nowUnixMs: number): SetpointRefusal | undefined {
    if (!isWellFormed(setpoint)) return "malformed";
    if (!this.#balances && setpoint.limits.some(({ balance }) => balance != null)) return "not_taking_part";
    const known = this.#setpoints.get(setpoint.eventId);
    if (known !== undefined && known.revision >= setpoint.revision) return "stale_revision";
    if (known === undefined && !this.#makeRoom(nowUnixMs)) return "too_many_events";
    this.#setpoints.set(setpoint.eventId, setpoint);
    assert(this.#setpoints.size <= SETPOINT_EVENTS_MAX);
    return undefined;
  }

  /** Limits of all events. Where they overlap, the lowest holds. */
  limits(): PowerLimit[] {
    return [...this.#setpoints.values()].flatMap((setpoint) => setpoint.limits);
  }

  /** Setpoints in order of arrival, to be stored. */
  setpoints(): Setpoint[] {
    return [...this.#setpoints.values()];
  }

  /** Forgets the oldest event without a limit that could still hold, if there is no room. */
  #makeRoom(nowUnixMs: number): boolean {
    if (this.#setpoints.size < SETPOINT_EVENTS_MAX) return true;
    for (const [eventId, { limits }] of this.#setpoints) {
      if (limits.every((limit) => limit.endUnixMs <= nowUnixMs)) return this.#setpoints.delete(eventId);
    }
    return false;
  }
}

/** Highest import allowed at an instant, W, or undefined when nothing limits it. */
export function limitAt(limits: readonly PowerLimit[], unixMs: number): bigint | undefined {
  const at = BigInt(unixMs);
  let lowest: bigint | undefined;
  for (const { startUnixMs, endUnixMs, importWMax, balance } of limits) {
    const holds = startUnixMs <= at && at < endUnixMs && balance == null;
    if (holds && (lowest === undefined || importWMax < lowest)) lowest = importWMax;
  }
  return lowest;
}

/** What self-balancing asks for at an instant, or undefined; of several the last one counts. */
export function bandAt(limits: readonly PowerLimit[], unixMs: number): PowerBand | undefined {
  const at = BigInt(unixMs);
  const found = limits.findLast(({ startUnixMs, endUnixMs, balance }) => {
    return balance != null && startUnixMs <= at && at < endUnixMs;
  });
  return found?.balance == null ? undefined : { ...found.balance, importWMax: found.importWMax };
}

/** What self-balancing asks a site to hold: import between the two, as far as storage and waiting loads allow. */
export type PowerBand = BalanceBand & { importWMax: bigint };

function isWellFormed({ eventId, limits }: Setpoint): boolean {
  if (eventId.length === 0 || eventId.length > EVENT_ID_LENGTH_MAX || limits.length > SETPOINT_LIMITS_MAX) return false;
  let previousEnd: bigint | undefined;
  for (const { startUnixMs, endUnixMs, importWMax, balance } of limits) {
    if (balance != null && balance.importWMin > importWMax) return false;
    if (startUnixMs >= endUnixMs || (previousEnd !== undefined && startUnixMs < previousEnd)) return false;
    previousEnd = endUnixMs;
  }
  return true;
}
