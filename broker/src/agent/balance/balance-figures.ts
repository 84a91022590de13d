/** What self-balancing came to on one day, against what would have been without it. */
import { larger, sumOf } from "@gridpact/settlement";
import { DAY_MS, HOUR_MS } from "../../time-spans.ts";
import { type BalanceMemberUnit, type BalanceUnit, unmovedWh } from "./balance-unit.ts";

const WHOLE_PER_MILLE = 1_000n;

/**
 * Energies in Wh, of market time units of the day that are over. "Unmoved" is what would have been: metered import
 * less what devices say they moved. Surplus is what members would have had beyond their own use; it is kept when it
 * does not leave their feeder.
 */
export type BalanceFigures = {
  dayStartUnixMs: number;
  units: number;
  surplusWh: bigint;
  keptWh: bigint;
  unmovedKeptWh: bigint;
  /** Went from member to member at the same feeder, by signed registers. */
  sharedWh: bigint;
  /** Highest import of the node in a unit, W. */
  peakW: number;
  unmovedPeakW: number;
  /** Energy that was moved, into storage and out of it. */
  movedWh: bigint;
};

/** Figures of the day that contains an instant; of units that were metered. */
export function figuresOfDay(units: readonly BalanceUnit[], unixMs: number, mtuMs: number): BalanceFigures {
  const dayStartUnixMs = Math.floor(unixMs / DAY_MS) * DAY_MS;
  const ofDay = units.filter(({ startUnixMs }) => {
    return startUnixMs - mtuMs >= dayStartUnixMs && startUnixMs - mtuMs < dayStartUnixMs + DAY_MS;
  });
  const each = ofDay.map(figuresOfUnit);
  const sum = (pick: (unit: UnitFigures) => bigint) => sumOf(each.map(pick));
  const peakW = (pick: (unit: UnitFigures) => bigint) =>
    Number((each.map(pick).reduce(larger, 0n) * BigInt(HOUR_MS)) / BigInt(mtuMs));
  return {
    dayStartUnixMs,
    units: each.length,
    surplusWh: sum(({ surplusWh }) => surplusWh),
    keptWh: sum(({ surplusWh, upwardWh }) => larger(0n, surplusWh - upwardWh)),
    unmovedKeptWh: sum(({ surplusWh, unmovedUpwardWh }) => surplusWh - unmovedUpwardWh),
    sharedWh: sum(({ sharedWh }) => sharedWh),
    peakW: peakW(({ importWh }) => importWh),
    unmovedPeakW: peakW(({ unmovedImportWh }) => unmovedImportWh),
    movedWh: sum(({ movedWh }) => movedWh),
  };
}

/** Share of the surplus that was kept, per mille; all of nothing is kept. */
export function keptPerMille(keptWh: bigint, surplusWh: bigint): number {
  return surplusWh === 0n ? Number(WHOLE_PER_MILLE) : Number((keptWh * WHOLE_PER_MILLE) / surplusWh);
}

/** Highest draw of a feeder so far on the day of an instant, Wh in a unit. */
export function drawnWhMax(units: readonly BalanceUnit[], at: { feeder: string; unixMs: number }, mtuMs: number) {
  const dayStartUnixMs = Math.floor(at.unixMs / DAY_MS) * DAY_MS;
  return units
    .filter(({ startUnixMs }) => startUnixMs - mtuMs >= dayStartUnixMs && startUnixMs <= at.unixMs)
    .map(({ members }) => sumOf(members.filter(({ feeder }) => feeder === at.feeder).map(({ netWh }) => netWh ?? 0n)))
    .reduce(larger, 0n);
}

type UnitFigures = ReturnType<typeof figuresOfUnit>;

function figuresOfUnit({ members }: BalanceUnit) {
  const metered = members.filter(({ netWh }) => netWh !== null);
  const byFeeder = Map.groupBy(metered, ({ feeder }) => feeder);
  const upward = (wh: (member: BalanceMemberUnit) => bigint) =>
    sumOf([...byFeeder.values()].map((each) => larger(0n, -sumOf(each.map(wh)))));
  const metersWh = ({ netWh }: BalanceMemberUnit) => netWh ?? 0n;
  const withoutWh = (member: BalanceMemberUnit) => unmovedWh(member) ?? 0n;
  return {
    surplusWh: sumOf(metered.map((member) => larger(0n, -withoutWh(member)))),
    upwardWh: upward(metersWh),
    unmovedUpwardWh: upward(withoutWh),
    importWh: sumOf(metered.map(metersWh)),
    unmovedImportWh: sumOf(metered.map(withoutWh)),
    sharedWh: sumOf(members.map(({ givenWh }) => givenWh)),
    movedWh: sumOf(metered.map(({ movedWh }) => (movedWh < 0n ? -movedWh : movedWh))),
  };
}
