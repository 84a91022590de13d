import { SeededRandom, SimulatedDisk } from "@gridpact/host";
import { encode } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import { figuresOfDay, keptPerMille } from "./balance-figures.ts";
import { BalanceStatements } from "./balance-statements.ts";
import type { BalanceMemberUnit, BalanceUnit } from "./balance-unit.ts";
import { Followers, MISSES_MAX } from "./followers.ts";
import { MemberHistories } from "./member-histories.ts";
import { UNITS_KEPT_MAX, UnitStore } from "./unit-store.ts";

const MTU_MS = 900_000;
const DAY_MS = 86_400_000;
const DAY = Date.UTC(2016, 0, 28);

const statement = {
  statedAtUnixMs: BigInt(DAY),
  storedWh: 500n,
  storedWhMax: 1_000n,
  storageWMax: 2_000n,
  efficiencyPerMille: 950,
  waitingWh: 0n,
  loadW: 0n,
  loadWMax: 0n,
  readyByUnixMs: BigInt(DAY),
  movedWh: 0n,
  opening: 1,
};

function member(deviceId: string, changes: Partial<BalanceMemberUnit>): BalanceMemberUnit {
  const shared = { givenWh: 0n, takenWh: 0n, givenTotalWh: 0n, takenTotalWh: 0n };
  return { deviceId, feeder: "f", netWh: 0n, movedWh: 0n, ...shared, stated: null, asked: null, ...changes };
}

function unit(startUnixMs: number, members: BalanceMemberUnit[]): BalanceUnit {
  return { startUnixMs, feeders: [{ feeder: "f", outcome: "planned" }], members };
}

describe("units that are kept", () => {
  it("come back with their energies after a restart, and the oldest goes beyond the bound", async () => {
    const disk = new SimulatedDisk(new SeededRandom("units"));
    const store = await UnitStore.open(disk);
    for (let index = 0; index < UNITS_KEPT_MAX; index += 1) await store.add(unit(index, [member("a", { netWh: -7n })]));
    expect((await UnitStore.open(disk)).list()).toEqual(store.list());
    expect(store.list()[0]).toEqual(unit(0, [member("a", { netWh: -7n })]));
    await store.add(unit(UNITS_KEPT_MAX, []));
    expect(store.list()).toHaveLength(UNITS_KEPT_MAX);
    expect((await UnitStore.open(disk)).list()[0]?.startUnixMs).toBe(1);
    await expect(store.add(unit(UNITS_KEPT_MAX, []))).rejects.toThrow("balanced once");
  });
});

describe("what devices state", () => {
  it("is kept until something newer comes, and forgotten when they fall silent", () => {
    const statements = new BalanceStatements();
    statements.receive("a", encode("BalanceStatement", statement));
    statements.receive("a", encode("BalanceStatement", { ...statement, statedAtUnixMs: BigInt(DAY - 1) }));
    expect(statements.at("a", DAY)).toMatchObject({ storedWh: 500n });
    expect(statements.at("a", DAY + MTU_MS)).toBeUndefined();
    statements.forgetBefore(DAY + 2 * MTU_MS, MTU_MS);
    expect(statements.takingPart()).toEqual(["a"]);
    statements.forgetBefore(DAY + 2 * MTU_MS + 1, MTU_MS);
    expect(statements.takingPart()).toEqual([]);
  });

  it.each([
    ["more stored than can be", { ...statement, storedWh: 1_001n }],
    ["no efficiency", { ...statement, efficiencyPerMille: 0 }],
    ["more out than in", { ...statement, efficiencyPerMille: 1_001 }],
  ])("is refused with %s", (_, bad) => {
    const refused = () => new BalanceStatements().receive("a", encode("BalanceStatement", bad));
    expect(refused).toThrow(expect.objectContaining({ code: "BALANCE_STATEMENT_INVALID" }));
  });

  it("is refused when it is none", () => {
    expect(() => new BalanceStatements().receive("a", Uint8Array.of(0xff))).toThrow("not a BalanceStatement");
  });
});

describe("a device that does not follow", () => {
  const asked = { importWMin: -9_000, importWMax: 100, shiftsLoads: false, changeW: -1_000 };

  it("is left alone for a day after some misses in a row, not after chance ones", () => {
    const followers = new Followers();
    const observe = (netW: number) => followers.observe("a", { asked, netW, statement }, DAY);
    for (let miss = 1; miss < MISSES_MAX; miss += 1) observe(1_100);
    observe(100);
    for (let miss = 1; miss < MISSES_MAX; miss += 1) observe(1_100);
    expect(followers.isLeftAlone("a", DAY)).toBe(false);
    observe(1_100);
    expect(followers.isLeftAlone("a", DAY + DAY_MS - 1)).toBe(true);
    expect(followers.leftAloneCount(DAY)).toBe(1);
    expect(followers.isLeftAlone("a", DAY + DAY_MS)).toBe(false);
  });

  it("is not blamed for storage that is empty", () => {
    const followers = new Followers();
    const empty = { ...statement, storedWh: 20n };
    for (let miss = 0; miss < 2 * MISSES_MAX; miss += 1)
      followers.observe("a", { asked, netW: 1_100, statement: empty }, DAY);
    expect(followers.isLeftAlone("a", DAY)).toBe(false);
  });
});

describe("a member's history", () => {
  it("makes an outlook from a day on, and none from less", () => {
    const histories = new MemberHistories({ mtuMs: MTU_MS });
    histories.put(
      "a",
      DAY,
      Array.from({ length: 95 }, () => 250n),
    );
    expect(histories.outlook("a")).toBeUndefined();
    histories.append("a", DAY, 250n);
    expect(histories.endsAt("a", DAY + MTU_MS)).toBe(true);
    expect(histories.outlook("a")?.deficitKwh[95]).toBeCloseTo(0.25);
    histories.append("a", DAY, 250n);
    expect(histories.endsAt("a", DAY + MTU_MS)).toBe(true);
  });

  it("goes on from yesterday where the latest unit is missing", () => {
    const histories = new MemberHistories({ mtuMs: MTU_MS });
    histories.put("a", DAY, [...Array.from({ length: 192 }, () => -250n), null]);
    const outlook = histories.outlook("a");
    expect(outlook?.surplusKwh[0]).toBeCloseTo(0.25);
    expect(histories.pastDays(["a"])).toHaveLength(1);
  });
});

describe("figures of a day", () => {
  it("set what was metered beside what would have been", () => {
    // Between them storage took 800 of a surplus of 1,000, of which a neighbour could have used 300.
    const members = [member("roof", { netWh: -200n, movedWh: 800n }), member("home", { netWh: 300n })];
    const figures = figuresOfDay([unit(DAY + MTU_MS, members)], DAY, MTU_MS);
    expect(figures).toMatchObject({ surplusWh: 1_000n, keptWh: 1_000n, unmovedKeptWh: 300n, movedWh: 800n });
    expect(figures).toMatchObject({ peakW: 400, unmovedPeakW: 0, units: 1 });
    expect(figuresOfDay([unit(DAY, members)], DAY, MTU_MS).units).toBe(0);
    expect(keptPerMille(0n, 0n)).toBe(1_000);
  });

  it("leave out who was not metered", () => {
    const figures = figuresOfDay([unit(DAY + MTU_MS, [member("a", { netWh: null, movedWh: 5n })])], DAY, MTU_MS);
    expect(figures).toMatchObject({ surplusWh: 0n, movedWh: 0n, peakW: 0 });
  });
});
