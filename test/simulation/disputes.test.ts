import { type PlayedDay, playDay } from "@gridpact/cli";
import { describe, expect, it } from "vitest";
import { SEED_DEVICE_IDS, SEED_READING_PERIOD_MS } from "./seeds.ts";
import { withholding } from "./withheld-readings.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const EVENT_START = Date.UTC(2016, 0, 28, 10);
const EVENT_END = EVENT_START + 2 * HOUR_MS;
const SC1 = "story-1.district";
const DEVICE = "d-ld42-heat-pump";
const SC2 = `story-1:${DEVICE}`;

/** Two days and nine hours more of each are half a minute of a processor; one with other work takes a multiple. */
const DAYS_TIMEOUT_MS = 900_000;

/** Past every window of the programme: those about SC2, then those about SC1. */
const ALL_OVER = EVENT_END + 9 * HOUR_MS;

/** A day without faults, after which nobody does anything by hand. */
async function playOn(isWithholding: boolean) {
  const played = await playDay({
    seed: "withheld",
    hasFaults: false,
    deviceIds: SEED_DEVICE_IDS,
    readingPeriodMs: SEED_READING_PERIOD_MS,
    evidenceOf: (vnId, source, clock) =>
      isWithholding && vnId === "district"
        ? withholding(source, clock, {
            deviceId: DEVICE,
            fromUnixMs: EVENT_START,
            untilUnixMs: EVENT_END + HOUR_MS,
          })
        : source,
  });
  const settled = await look(played);
  while (played.world.clock.nowUnixMs() < ALL_OVER) {
    await played.world.clock.advanceTo(played.world.clock.nowUnixMs() + MINUTE_MS);
  }
  return { played, settled, after: await look(played) };
}

/** What the ledger says now of the two contracts, their disputes, and everybody's money. */
async function look({ world }: PlayedDay) {
  const ledger = world.ledger.clientOf("auditor", world.clock);
  const query = (name: string, argument: Record<string, string>) => ledger.evaluate(name, argument) as Promise<never>;
  const accountIds = ["aggregator", "vn:district", "vn:offices", ...SEED_DEVICE_IDS.map((id) => `feid:${id}`)];
  const asked = (async () => {
    const balances: Record<string, bigint> = {};
    for (const accountId of accountIds) {
      const { balanceMicro } = (await query("accounts:GetAccount", { accountId })) as { balanceMicro: string };
      balances[accountId] = BigInt(balanceMicro);
    }
    const { mintedMicro } = (await query("accounts:GetSupply", {})) as { mintedMicro: string };
    const { contract: sc1 } = (await query("sc1:GetContract", { contractId: SC1 })) as { contract: Contract };
    const sc2 = (await query("sc2:GetContract", { contractId: SC2 })) as Contract;
    const disputes = [
      await query("disputes:GetDispute", { contractId: SC2 }).catch(() => null),
      await query("disputes:GetSc1Dispute", { contractId: SC1 }).catch(() => null),
    ] as ({ state: string; outcome: string; openedById: string; reason: string } | null)[];
    return { balances, mintedMicro: BigInt(mintedMicro), sc1, sc2, disputes };
  })();
  await world.clock.advanceTo(world.clock.nowUnixMs() + MINUTE_MS);
  return asked;
}

type Contract = {
  state: string;
  heldMicro: string;
  settlement: { deliveredWh: string; intervals: { actualWh: string | null }[] } | null;
};

function sum(balances: Record<string, bigint>): bigint {
  return Object.values(balances).reduce((total, each) => total + each, 0n);
}

describe("a node that leaves out an envelope of a device", () => {
  it(
    "is disputed by evidence; SC2 and SC1 end as if it had shown everything, to the last micro-euro",
    async () => {
      const honest = await playOn(false);
      const planted = await playOn(true);
      expect(honest.after.disputes).toEqual([null, null]);
      // As it settled and paid at first.
      const missing = (contract: Contract) =>
        contract.settlement?.intervals.filter(({ actualWh }) => actualWh === null);
      expect(missing(planted.settled.sc2)).toHaveLength(2);
      expect(planted.settled.sc1.settlement).not.toEqual(honest.settled.sc1.settlement);
      expect(planted.settled.balances).not.toEqual(honest.settled.balances);
      expect(BigInt(planted.settled.sc1.heldMicro)).toBeGreaterThan(0n);
      // And as evidence decided.
      expect(planted.after.disputes).toMatchObject([
        { state: "closed", outcome: "lapsed", openedById: "vn:district" },
        { state: "closed", outcome: "lapsed" },
      ]);
      expect(missing(planted.after.sc2)).toEqual([]);
      for (const { after } of [honest, planted]) {
        expect([after.sc1.state, after.sc1.heldMicro, after.sc2.heldMicro]).toEqual(["completed", "0", "0"]);
        expect(sum(after.balances)).toBe(after.mintedMicro);
      }
      expect(planted.after.sc1.settlement).toEqual(honest.after.sc1.settlement);
      expect(planted.after.balances).toEqual(honest.after.balances);
    },
    DAYS_TIMEOUT_MS,
  );
});
