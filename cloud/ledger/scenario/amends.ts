import { strict as assert } from "node:assert";
import type { Sc2Terms, TransactionArgument } from "@gridpact/contracts";
import { accept, acceptance, completeSc1, deliver, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import { type Market, MTU_MS, query, submit } from "./market.ts";
import { assertRefused } from "./refused.ts";
import type { Play } from "./steps.ts";

const SC1_ID = "sc1-moved";

/** Of the event about amendments, in market time units after the first one's begin. */
const FIRST_UNIT = 8;

type Change = TransactionArgument<"sc2:Amend">["changes"][number];

/**
 * An event of two intervals with 1,000 Wh of each of two devices. In the first one feid-1 finds that it cannot go on;
 * of its second interval feid-2 takes 600 Wh and feid-3, which was not in, 400.
 */
export async function amends({ market, feids }: Play): Promise<void> {
  const [first, second, third] = feids as [Feid, Feid, Feid];
  const before = await balances(market, [first, second, third]);
  await setUp(market, [first, second], feids);
  const startUnixMs = market.eventStartUnixMs + FIRST_UNIT * MTU_MS;
  await market.world.setTime(startUnixMs + 60_000);
  const joining = joiningTerms(market);
  await submit(market.vn, "sc2:SetupDR", { chunkNo: 1, terms: joining });
  await accept(market, third, joining);
  const changes = [
    changeOf(market, first, { orderedWh: [1_000n, 0n], penaltyCapMicro: 75_000n }),
    changeOf(market, second, { orderedWh: [1_000n, 1_600n], penaltyCapMicro: 195_000n }),
  ];
  await refuseBad(market, changes);
  await submit(market.vn, "sc2:Amend", amendment(changes));
  await assertRefused(submit(market.vn, "sc2:Amend", amendment(changes)), "SC2_AMENDMENT_OUT_OF_SEQUENCE");
  await market.world.setTime(startUnixMs + MTU_MS);
  const again = changeOf(market, second, { amendmentNo: 2, orderedWh: [1_000n, 1_000n], penaltyCapMicro: 150_000n });
  await assertRefused(submit(market.vn, "sc2:Amend", amendment([again], -600n, [])), "SC2_AMENDMENT_LATE");
  await settle(market, [first, second, third]);
  // feid-1 delivered 600 of the 1,000 Wh that were left to it, the others everything.
  const earnedMicro = [600n * 200n - 400n * 100n, 2_600n * 200n, 400n * 200n];
  const after = await balances(market, [first, second, third]);
  assert.deepEqual(
    after.map((each, index) => each - (before[index] ?? 0n)),
    earnedMicro,
  );
}

async function setUp(market: Market, chosen: readonly Feid[], feids: readonly Feid[]): Promise<void> {
  const intervals = market.intervals(2, FIRST_UNIT);
  const terms = market.sc1Terms({ contractId: SC1_ID, eventId: "moved", intervals });
  await submit(market.aggregator, "sc1:SetupDR", terms);
  const deviceIds = feids.map(({ deviceId }) => deviceId);
  await submit(market.vn, "sc1:AcceptReduction", acceptance(deviceIds, SC1_ID));
  const contracts = chosen.map((feid) => termsOf(market, feid));
  await submit(market.vn, "sc2:SetupDRBatch", { chunkNo: 0, reserveId: null, contracts });
  const consents = chosen.map((feid, index) => {
    return { contractId: contracts[index]?.contractId ?? "", signatureHex: feid.consentTo(termsOf(market, feid)) };
  });
  await submit(market.vn, "sc2:AcceptReductionBatch", { consents });
}

function termsOf(market: Market, { deviceId }: Feid): Sc2Terms {
  const intervals = market.intervals(2, FIRST_UNIT);
  return market.sc2Terms(deviceId, { contractId: `${SC1_ID}-${deviceId}`, sc1Id: SC1_ID, intervals });
}

function joiningTerms(market: Market): Sc2Terms {
  return market.sc2Terms("feid-3", {
    contractId: `${SC1_ID}-feid-3`,
    sc1Id: SC1_ID,
    kind: "replacement",
    intervals: market.intervals(1, FIRST_UNIT + 1),
    orderedWh: [400n],
    baselineWh: [3_000n],
  });
}

function changeOf(market: Market, feid: Feid, change: Partial<Change> & Pick<Change, "orderedWh" | "penaltyCapMicro">) {
  const terms = termsOf(market, feid);
  const order = { amendmentNo: 1, ...change };
  return { contractId: terms.contractId, signatureHex: feid.amends(terms, order), ...order };
}

function amendment(
  changes: readonly Change[],
  sumChangeWh = 0n,
  joinedIds = [`${SC1_ID}-feid-3`],
): TransactionArgument<"sc2:Amend"> {
  return { sc1Id: SC1_ID, changes, joinedIds, sumChangeWh: [0n, sumChangeWh] };
}

async function refuseBad(market: Market, [cut, raise]: readonly Change[]): Promise<void> {
  assert(cut !== undefined && raise !== undefined);
  const attempt = (changes: readonly Change[], changeWh = 0n) =>
    submit(market.vn, "sc2:Amend", amendment(changes, changeWh));
  await assertRefused(submit(market.aggregator, "sc2:Amend", amendment([cut, raise])), "ACCESS_DENIED");
  const unsigned = { ...raise, signatureHex: cut.signatureHex };
  await assertRefused(attempt([cut, unsigned]), "SC2_AMENDMENT_UNPROVEN");
  await assertRefused(attempt([cut, raise], 1n), "SC2_AMENDMENT_UNBALANCED");
  const foreign = { ...amendment([cut, raise]), sc1Id: "sc1-1" };
  await assertRefused(submit(market.vn, "sc2:Amend", foreign), "SC1_WRONG_STATE");
}

async function settle(market: Market, [first, second, third]: readonly [Feid, Feid, Feid]): Promise<void> {
  await market.world.setTime(market.eventStartUnixMs + (FIRST_UNIT + 2) * MTU_MS + 60_000);
  const deliveries = [
    { feid: first, terms: termsOf(market, first), actualWh: [2_400n, 3_000n] },
    { feid: second, terms: termsOf(market, second), actualWh: [2_000n, 1_400n] },
    { feid: third, terms: joiningTerms(market), actualWh: [2_600n] },
  ];
  const evidence = await deliver(market, deliveries);
  const settlements = deliveries.map(({ terms }, index) => {
    return { contractId: terms.contractId, evidence: evidence[index] ?? null };
  });
  await submit(market.vn, "sc2:SettleDRBatch", { settlements });
  const { settlement } = (await settleSc1(market, SC1_ID)).contract;
  const { originalWh, rearrangedWh, deficientWh, orderedWh } = settlement ?? {};
  assert.deepEqual([originalWh, rearrangedWh, deficientWh, orderedWh], [2_600n, 1_000n, 400n, 4_000n]);
  await completeSc1(market, SC1_ID);
  await market.world.caughtUp();
  const { amendment: last, heldMicro } = await query(market.auditor, "sc2:GetContract", {
    contractId: termsOf(market, second).contractId,
  });
  assert.deepEqual([last?.amendmentNo, heldMicro], [1, 0n]);
}

function balances(market: Market, feids: readonly Feid[]): Promise<bigint[]> {
  return Promise.all(feids.map(({ deviceId }) => market.balanceMicro(`feid:${deviceId}`)));
}
