import { type MemberEnergy, shareInside } from "@gridpact/settlement";
import { DAY_MS } from "../../time-spans.ts";
import type { CallableDevice, Given } from "../agent-host.ts";
import { meteredHistory } from "../plan/index.ts";
import type { BalanceStatements } from "./balance-statements.ts";
import { type BalanceMemberUnit, type BalanceUnit, unmovedWh } from "./balance-unit.ts";
import { type MemberHistories, PROFILE_DAYS } from "./member-histories.ts";

const MS_PER_SECOND = 1_000;

/** A member before anything is shared or asked. */
export type GatheredMember = Pick<BalanceMemberUnit, "deviceId" | "feeder" | "netWh" | "movedWh" | "stated"> & {
  /** What its registers say of the unit; null where one is missing. */
  energy: MemberEnergy | null;
};

/** `startUnixMs` is that of the unit that begins; `before` is the newest kept one, which need not be the last. */
export type Gathering = { startUnixMs: number; statements: BalanceStatements; before: BalanceUnit | undefined };

/** What a device's registers and its own word say of the unit that has ended. */
export async function gatherMember(
  { deviceId, feeder }: CallableDevice,
  { startUnixMs, statements, before }: Gathering,
  { options, modules }: Given<"evidence">,
): Promise<GatheredMember> {
  const unitStartUnixMs = startUnixMs - options.mtuMs;
  const [first, last] = await modules.evidence.registersAt(deviceId, [unitStartUnixMs, startUnixMs]);
  const energy =
    first === undefined || last === undefined
      ? null
      : { memberId: deviceId, importWh: last.importWh - first.importWh, exportWh: last.exportWh - first.exportWh };
  const statement = statements.at(deviceId, startUnixMs);
  const stated = statement === undefined ? null : { movedWh: statement.movedWh, opening: statement.opening };
  const earlier = before?.startUnixMs === unitStartUnixMs ? memberOf(before, deviceId)?.stated : undefined;
  const netWh = energy === null ? null : energy.importWh - energy.exportWh;
  return { deviceId, feeder, energy, netWh, stated, movedWh: movedSince(stated, earlier, unitStartUnixMs) };
}

/** Sums of one opening go on; one that began within the unit began at 0. Anything else says nothing of the unit. */
function movedSince(
  stated: BalanceMemberUnit["stated"],
  earlier: BalanceMemberUnit["stated"] | undefined,
  unitStartUnixMs: number,
): bigint {
  if (stated === null) return 0n;
  if (earlier?.opening === stated.opening) return stated.movedWh - earlier.movedWh;
  return stated.opening * MS_PER_SECOND >= unitStartUnixMs ? stated.movedWh : 0n;
}

/** The history of a device up to the unit that has ended, without what balancing moved in units that are kept. */
export async function loadHistory(
  deviceId: string,
  { endUnixMs, units, histories }: { endUnixMs: number; units: readonly BalanceUnit[]; histories: MemberHistories },
  { options, modules }: Given<"evidence">,
): Promise<void> {
  const { mtuMs } = options;
  const fromUnixMs = endUnixMs - PROFILE_DAYS * DAY_MS;
  const { netWh } = await meteredHistory(modules.evidence, deviceId, { fromUnixMs, toUnixMs: endUnixMs, mtuMs });
  const movedWh = new Map(
    units.map((unit) => [unit.startUnixMs - mtuMs, memberOf(unit, deviceId)?.movedWh ?? 0n] as const),
  );
  const unmoved = netWh.map((wh, index) =>
    unmovedWh({ netWh: wh, movedWh: movedWh.get(fromUnixMs + index * mtuMs) ?? 0n }),
  );
  histories.put(deviceId, endUnixMs, unmoved);
}

/** Shares surplus feeder by feeder, and goes on with each member's account. */
export function accountedMembers(gathered: readonly GatheredMember[], before: BalanceUnit | undefined) {
  const accounts = new Map(before?.members.map((member) => [member.deviceId, member]));
  const metered = gathered.filter(({ energy }) => energy !== null);
  const shared = [...Map.groupBy(metered, ({ feeder }) => feeder).values()].flatMap((members) =>
    shareInside(members.flatMap(({ energy }) => energy ?? [])),
  );
  const sharedBy = new Map(shared.map((each) => [each.memberId, each]));
  return gathered.map(({ energy: _, ...member }): BalanceMemberUnit => {
    const { givenWh = 0n, takenWh = 0n } = sharedBy.get(member.deviceId) ?? {};
    const { givenTotalWh = 0n, takenTotalWh = 0n } = accounts.get(member.deviceId) ?? {};
    const totals = { givenTotalWh: givenTotalWh + givenWh, takenTotalWh: takenTotalWh + takenWh };
    return { ...member, givenWh, takenWh, ...totals, asked: null };
  });
}

function memberOf({ members }: BalanceUnit, deviceId: string): BalanceMemberUnit | undefined {
  return members.find((member) => member.deviceId === deviceId);
}
