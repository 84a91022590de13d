import { beforeEach, describe, expect, it } from "vitest";
import type { Programme, Sc1Terms } from "../src/index.ts";
import { acceptedSc2, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  AUDITOR,
  acceptance,
  BEFORE_EVENT_UNIX_MS,
  DISTRICT,
  DSO,
  EVENT_START_UNIX_MS,
  intervalsFrom,
  type Market,
  MTU_MS,
  OFFICES,
  openMarket,
  programme,
  sc1Terms,
} from "./market.ts";
import { assertRefused } from "./refusal.ts";

const DAY_MS = 86_400_000;

describe("a programme", () => {
  let market: Market;
  let feids: Feid[];

  beforeEach(async () => {
    ({ market, feids } = await openMarket(1));
  });

  async function open(changes: Partial<Programme> = {}): Promise<void> {
    await market.submit(AGGREGATOR, "programmes:Publish", programme(changes));
    const enrolment = { programmeId: "evening", vnId: "district", orderedWhPerIntervalMax: 2_200n };
    await market.submit(DISTRICT, "programmes:Enrol", enrolment);
  }

  const request = (changes: Partial<Sc1Terms> = {}) =>
    ({ caller: AGGREGATOR, name: "sc1:SetupDR", argument: sc1Terms({ programmeId: "evening", ...changes }) }) as const;

  it("is agreed to once at a time, and the default one never", async () => {
    await open();
    const enrol = (programmeId: string) => {
      const argument = { programmeId, vnId: "district", orderedWhPerIntervalMax: null };
      return { caller: DISTRICT, name: "programmes:Enrol", argument } as const;
    };
    await assertRefused(market, enrol("evening"), "PROGRAMME_ENROLLED");
    await assertRefused(market, enrol("default"), "PROGRAMME_ENROLLED");
    await assertRefused(market, enrol("night"), "PROGRAMME_UNKNOWN");
    await market.submit(DISTRICT, "programmes:Leave", { programmeId: "evening", vnId: "district" });
    await market.submit(DISTRICT, "programmes:Enrol", enrol("evening").argument);
  });

  it("lets a request through that keeps to it", async () => {
    await open();
    const { contract } = await market.submit(AGGREGATOR, "sc1:SetupDR", request().argument);
    expect(contract).toMatchObject({ state: "proposed", policy: programme().policy });
  });

  type Case = { why: string; code: Parameters<typeof assertRefused>[2]; terms?: Partial<Sc1Terms>; nowUnixMs?: number };

  const CASES: Case[] = [
    { why: "nobody published", code: "PROGRAMME_UNKNOWN", terms: { programmeId: "night" } },
    {
      why: "the node did not enrol in",
      code: "PROGRAMME_NOT_ENROLLED",
      terms: { vnId: "offices", fallbackVnIds: [] },
    },
    {
      why: "orders more than the programme allows",
      code: "PROGRAMME_OVER_CAPACITY",
      terms: { orderedWh: [2_501n, 1n] },
    },
    { why: "orders more than the node agreed to", code: "PROGRAMME_OVER_CAPACITY", terms: { orderedWh: [2_201n, 1n] } },
    { why: "orders too much in all", code: "PROGRAMME_OVER_CAPACITY", terms: { orderedWh: [2_200n, 1_801n] } },
    { why: "pays more", code: "PROGRAMME_TERMS_EXCEEDED", terms: { priceMicroPerWh: 401n } },
    { why: "charges more", code: "PROGRAMME_TERMS_EXCEEDED", terms: { penaltyMicroPerWh: 301n } },
    { why: "caps penalties above its share", code: "PROGRAMME_TERMS_EXCEEDED", terms: { penaltyCapMicro: 1_200_001n } },
    { why: "has another baseline", code: "PROGRAMME_TERMS_EXCEEDED", terms: { baselineMethod: "nominated" } },
    {
      why: "comes a millisecond too late",
      code: "PROGRAMME_NOTICE_TOO_SHORT",
      nowUnixMs: EVENT_START_UNIX_MS - MTU_MS + 1,
    },
    {
      why: "lies before its hours",
      code: "PROGRAMME_UNAVAILABLE",
      terms: { intervals: intervalsFrom(EVENT_START_UNIX_MS - 3 * 3_600_000, 2) },
      nowUnixMs: EVENT_START_UNIX_MS - 5 * 3_600_000,
    },
    {
      why: "reaches beyond its hours",
      code: "PROGRAMME_UNAVAILABLE",
      terms: { intervals: intervalsFrom(EVENT_START_UNIX_MS + 3 * 3_600_000 - MTU_MS, 2) },
    },
    {
      why: "reaches beyond its expiry",
      code: "PROGRAMME_EXPIRED",
      terms: { intervals: intervalsFrom(EVENT_START_UNIX_MS + DAY_MS - MTU_MS, 2) },
    },
  ];

  it.each(CASES)("refuses a request that $why", async ({ code, terms = {}, nowUnixMs = BEFORE_EVENT_UNIX_MS }) => {
    await open();
    market.nowUnixMs = nowUnixMs;
    await assertRefused(market, request(terms), code);
  });

  it("refuses a request on a day outside its weekdays", async () => {
    await open({ availability: { utcOffsetMinutes: 0, weekdays: [0, 6], startMinute: 0, endMinute: 1_440 } });
    await assertRefused(market, request(), "PROGRAMME_UNAVAILABLE");
  });

  it("takes a request exactly at the end of its notice, and not when the channel saw that pass", async () => {
    await open();
    market.nowUnixMs = EVENT_START_UNIX_MS - MTU_MS + 1;
    for (const caller of [AGGREGATOR, DSO]) {
      await market.submit(caller, "time:AttestInstant", { instantUnixMs: market.nowUnixMs });
    }
    market.nowUnixMs -= 1;
    await assertRefused(market, request(), "PROGRAMME_NOTICE_TOO_SHORT");
  });

  it("counts requests of one node and day, and starts anew the next day", async () => {
    await open({ requestsPerDayMax: 2, expiresAtUnixMs: null });
    for (const contractId of ["a", "b"]) {
      await market.submit(AGGREGATOR, "sc1:SetupDR", request({ contractId }).argument);
    }
    await assertRefused(market, request({ contractId: "c" }), "PROGRAMME_DAILY_LIMIT");
    const tomorrow = { contractId: "c", intervals: intervalsFrom(EVENT_START_UNIX_MS + DAY_MS, 2) };
    await market.submit(AGGREGATOR, "sc1:SetupDR", request(tomorrow).argument);
    await market.submit(OFFICES, "programmes:Enrol", {
      programmeId: "evening",
      vnId: "offices",
      orderedWhPerIntervalMax: null,
    });
    const other = { contractId: "d", vnId: "offices", fallbackVnIds: [] };
    await market.submit(AGGREGATOR, "sc1:SetupDR", request(other).argument);
  });

  it("is published once, by rules that can be settled", async () => {
    await open();
    const publish = (changes: Partial<Programme>) =>
      ({ caller: AGGREGATOR, name: "programmes:Publish", argument: programme(changes) }) as const;
    await assertRefused(market, publish({}), "PROGRAMME_EXISTS");
    await assertRefused(market, publish({ programmeId: "default" }), "PROGRAMME_EXISTS");
    const { policy } = programme();
    const night = (changes: Partial<Programme["policy"]>) =>
      publish({ programmeId: "night", policy: { ...policy, ...changes } });
    await assertRefused(market, night({ deadBandPerMille: 1_001n }), "TERMS_INVALID");
    await assertRefused(market, night({ holdBackPerMille: 1_001n }), "TERMS_INVALID");
    const tiers = [{ uptoPerMille: 900n, priceMicroPerWh: 1n }];
    const incentive = { kind: "tiered", capacityMicroPerWh: 0n, tiers } as const;
    await assertRefused(market, night({ incentive }), "TERMS_INVALID");
    const backwards = { utcOffsetMinutes: 0, weekdays: [1], startMinute: 60, endMinute: 60 };
    await assertRefused(market, publish({ programmeId: "night", availability: backwards }), "TERMS_INVALID");
  });

  it("is left by a node, which ends new requests only", async () => {
    await open({ requestsPerDayMax: null });
    await market.submit(AGGREGATOR, "sc1:SetupDR", request().argument);
    const leave = { programmeId: "evening", vnId: "district" };
    await market.submit(DISTRICT, "programmes:Leave", leave);
    await assertRefused(market, request({ contractId: "later" }), "PROGRAMME_NOT_ENROLLED");
    await assertRefused(
      market,
      { caller: DISTRICT, name: "programmes:Leave", argument: leave },
      "PROGRAMME_NOT_ENROLLED",
    );
    const { contract } = await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"]));
    expect(contract.state).toBe("accepted");
  });

  it("sets what its contracts are settled by: capacity price and dead band", async () => {
    const incentive = { kind: "capacity", capacityMicroPerWh: 50n, tiers: [] } as const;
    await open({ policy: { ...programme().policy, incentive, deadBandPerMille: 100n } });
    await market.submit(AGGREGATOR, "sc1:SetupDR", request({ orderedWh: [1_000n, 1_000n] }).argument);
    await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(["feid-1"]));
    const [terms] = await acceptedSc2(market, feids);
    if (terms === undefined) throw new Error("no contract");
    // 900 of 1,000 Wh lie within the dead band, 800 do not.
    const evidence = await delivered(market, feids[0] as Feid, { terms, actualWh: [2_100n, 2_200n] });
    await market.submit(DISTRICT, "sc2:SettleDR", { contractId: terms.contractId, evidence });
    const { contract } = await settleSc1(market);
    expect(contract.settlement).toMatchObject({
      penalisedWh: 100n,
      paidMicro: 300n * 1_700n + 50n * 1_000n,
      escrowMicro: 350n * 2_000n,
    });
    const sc2 = await market.submit(AUDITOR, "sc2:GetContract", { contractId: terms.contractId });
    expect(sc2.settlement).toMatchObject({ penalisedWh: 100n, paidMicro: 200n * 1_700n, penaltyMicro: 10_000n });
  });
});
