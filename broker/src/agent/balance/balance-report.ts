import type { Disk } from "@gridpact/host";
import { type BalanceFigures, figuresOfDay } from "./balance-figures.ts";
import type { BalanceUnit } from "./balance-unit.ts";
import { UnitStore } from "./unit-store.ts";

/** What a household pays for a Wh, micro-euro: it values shared energy for people to read. Nobody is paid by it. */
export const SHARED_MICRO_PER_WH = 250n;

/** What a prosumer gave to others at its feeder and got from them, since its node began to balance. */
export type SharedAccount = { deviceId: string; givenWh: bigint; takenWh: bigint; takenMicro: bigint };

/** What the page, the metrics and `gridpact balance` show; made anew from the kept units each time. */
export type BalanceReport = {
  /** Of the newest day. */
  figures: BalanceFigures;
  /** How often each outcome came about at a feeder, in the units that are kept. */
  outcomes: Record<string, number>;
  /** In order of ids; who neither gave nor got anything is left out. */
  accounts: SharedAccount[];
};

/** Undefined while no unit was balanced. */
export function balanceReport(units: readonly BalanceUnit[], mtuMs: number): BalanceReport | undefined {
  const newest = units.at(-1);
  if (newest === undefined) return undefined;
  const outcomes: Record<string, number> = {};
  for (const { outcome } of units.flatMap(({ feeders }) => feeders)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  const accounts = newest.members
    .filter(({ givenTotalWh, takenTotalWh }) => givenTotalWh + takenTotalWh > 0n)
    .map(({ deviceId, givenTotalWh, takenTotalWh }) => {
      const takenMicro = takenTotalWh * SHARED_MICRO_PER_WH;
      return { deviceId, givenWh: givenTotalWh, takenWh: takenTotalWh, takenMicro };
    });
  return { figures: figuresOfDay(units, newest.startUnixMs - mtuMs, mtuMs), outcomes, accounts };
}

/** From the disk of an agent that may be running; undefined when it has balanced nothing. */
export async function readBalance(disk: Disk, mtuMs: number): Promise<BalanceReport | undefined> {
  return balanceReport((await UnitStore.open(disk)).list(), mtuMs);
}
