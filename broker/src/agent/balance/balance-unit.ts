/** One step of self-balancing, a market time unit: what the unit before it brought, and what devices are asked for. */

/** Event id of all setpoints of self-balancing: a device keeps the newest one alone. */
export const BALANCE_EVENT_ID = "self-balancing";

/** What became of a feeder's unit; from the fourth on a reason why its devices are left to their own rule. */
export type BalanceOutcome =
  | "planned"
  /** All who take part rest: an event is near, runs, or is caught up on. */
  | "held"
  | "no_members"
  | "nobody_to_ask"
  | "stale_readings"
  | "no_forecast"
  | "no_plan";

/** The band that a device is asked to hold, W, and how far its middle lies from what is expected of it. */
export type AskedBand = { importWMin: number; importWMax: number; shiftsLoads: boolean; changeW: number };

/** One member in one unit, as it is kept on disk; the accounts of a member are those of its newest unit. */
export type BalanceMemberUnit = {
  deviceId: string;
  feeder: string;
  /** Metered in the unit that has ended; null where a register is missing. */
  netWh: bigint | null;
  /** Part of it that self-balancing moved, by the device's own word. */
  movedWh: bigint;
  /** What served other members, and what of theirs served this one, in that unit and ever. */
  givenWh: bigint;
  takenWh: bigint;
  givenTotalWh: bigint;
  takenTotalWh: bigint;
  /** The sum that the device stated, and which opening of it the sum began with; null when it stated nothing. */
  stated: { movedWh: bigint; opening: number } | null;
  /** For the unit that begins; null where nothing was sent. */
  asked: AskedBand | null;
};

/** As the disk has it, in a file named by `startUnixMs`; durable before any setpoint of it is sent. */
export type BalanceUnit = {
  /** Start of the unit that begins, end of the one that is accounted. */
  startUnixMs: number;
  feeders: { feeder: string; outcome: BalanceOutcome }[];
  members: BalanceMemberUnit[];
};

/** Import without self-balancing; null where nothing was metered. */
export function unmovedWh({ netWh, movedWh }: Pick<BalanceMemberUnit, "netWh" | "movedWh">): bigint | null {
  return netWh === null ? null : netWh - movedWh;
}
