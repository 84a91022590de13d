import { strict as assert } from "node:assert";
import { checkSupplyOpening } from "@gridpact/contracts";
import { amends } from "./amends.ts";
import { accept, acceptance, acceptedSc1, afterEvent, completeSc1, deliver, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import { consent, Market, MTU_MS, query, submit } from "./market.ts";
import { assertRefused } from "./refused.ts";
import { agreeInPrivate, supplyAgreement } from "./supply.ts";
import type { ScenarioWorld } from "./world.ts";

/** One event as it is played, step after step. */
export type Play = { market: Market; feids: readonly Feid[] };

/** What a step shows, and how; it throws when the ledger does otherwise. */
export type Step = { name: string; run(play: Play): Promise<void> };

const MINTED_MICRO = 1_000_000_000_000n;

/** A market with four devices. */
export async function openPlay(world: ScenarioWorld): Promise<Play> {
  const market = new Market(world);
  await market.open(MINTED_MICRO);
  const feids: Feid[] = [];
  for (let number = 1; number <= 4; number++) feids.push(await market.enrol(`feid-${number}`));
  return { market, feids };
}

/**
 * The ten steps and what must be refused on the way, on whatever ledger: two devices are chosen, one of them fails in
 * the second interval and is replaced, one offer is never accepted. Ordered are 2,000 Wh in each of two intervals.
 */
export const SCENARIO: readonly Step[] = [
  { name: "refuses who may not and what is malformed, and leaves the state as it was", run: refusesStrangers },
  { name: "holds escrow and deposit of SC1 once it is accepted, and takes no second baseline", run: acceptsSc1 },
  { name: "binds devices by their own signature, and by nobody else's", run: bindsDevices },
  { name: "keeps what node and prosumer agree on between them, and shows its hash to all", run: keepsSecrets },
  { name: "has one effect of the same bytes, however often they come", run: takesBytesOnce },
  { name: "takes a replacement in during the event, and no SC1 that began", run: rearranges },
  { name: "settles from signed readings only", run: settlesByEvidence },
  { name: "adds up to what was ordered, pays everyone once, and keeps the supply of money", run: paysOnce },
  { name: "moves orders to other devices by their own word, and none with hindsight", run: amends },
];

async function refusesStrangers({ market }: Play): Promise<void> {
  const mint = { accountId: "aggregator", amountMicro: 1n };
  for (const stranger of [market.vn, market.aggregator, market.auditor, market.dso]) {
    await assertRefused(submit(stranger, "accounts:Mint", mint), "ACCESS_DENIED");
  }
  const negative = { accountId: "aggregator", amountMicro: -1n };
  await assertRefused(submit(market.administrator, "accounts:Mint", negative), "ARGUMENT_INVALID");
  await assertRefused(market.vn.execute("sc9:SetupDR", {}));
  assert.equal(await market.balanceMicro("aggregator"), MINTED_MICRO);
}

async function acceptsSc1({ market, feids }: Play): Promise<void> {
  await submit(market.aggregator, "sc1:SetupDR", market.sc1Terms({ contractId: "sc1-late", eventId: "late" }));
  await acceptedSc1(market, feids);
  await market.world.caughtUp();
  const { contract } = await query(market.auditor, "sc1:GetContract", { contractId: "sc1-1" });
  assert.deepEqual([contract.state, contract.heldMicro], ["accepted", 300n * 4_000n + 500_000n]);
  await assertRefused(submit(market.vn, "sc1:AcceptReduction", acceptance(["feid-1"])), "SC1_WRONG_STATE");
}

async function bindsDevices({ market, feids }: Play): Promise<void> {
  const [first, second, third] = feids as [Feid, Feid, Feid];
  const contracts = [1, 2, 4].map((number) => market.sc2Terms(`feid-${number}`));
  await submit(market.vn, "sc2:SetupDRBatch", { chunkNo: 0, reserveId: null, contracts });
  const stranger = submit(market.clientOf(third), "sc2:AcceptReduction", consent(market.sc2Terms("feid-1")));
  await assertRefused(stranger, "ACCESS_NOT_OWNER");
  for (const feid of [first, second]) {
    const { state, heldMicro } = await accept(market, feid, market.sc2Terms(feid.deviceId));
    assert.deepEqual([state, heldMicro], ["accepted", 200n * 2_000n + 150_000n]);
  }
  await assertRefused(accept(market, first, market.sc2Terms("feid-1")), "SC2_WRONG_STATE");
}

async function keepsSecrets({ market, feids }: Play): Promise<void> {
  const [feid, stranger] = feids as [Feid, Feid];
  const id = { deviceId: feid.deviceId, revision: 0 };
  const agreement = supplyAgreement(market, feid);
  const { transactionId } = await agreeInPrivate(market, agreement);
  await market.world.caughtUp();
  for (const side of [market.vn, market.clientOf(feid)]) {
    assert.deepEqual(await query(side, "supply:GetAgreement", id), agreement);
  }
  await assertRefused(query(market.clientOf(stranger), "supply:GetAgreement", id), "ACCESS_NOT_OWNER");
  await assertRefused(query(market.aggregator, "supply:GetAgreement", id), "ACCESS_DENIED");
  const commitment = await query(market.aggregator, "supply:GetCommitment", id);
  checkSupplyOpening(agreement, commitment, feid.publicKeyHex);
  const { bytes } = await market.vn.blockByTransaction(transactionId);
  assert.equal(Buffer.from(bytes).includes(agreement.terms.contact), false, "the block says nothing of it");
}

async function takesBytesOnce({ market }: Play): Promise<void> {
  const { administrator } = market;
  const before = await market.balanceMicro("feid:feid-4");
  const prepared = await administrator.prepare("accounts:Mint", { accountId: "feid:feid-4", amountMicro: 7n });
  await administrator.submit(prepared);
  assert.ok((await administrator.commitStatus(prepared.transactionId)).isValid);
  // Whether orderers say so, or order it once more as invalid, differs; the effect does not.
  await administrator.submit(prepared).catch(() => undefined);
  await submit(administrator, "accounts:Mint", { accountId: "feid:feid-3", amountMicro: 1n });
  assert.equal(await market.balanceMicro("feid:feid-4"), before + 7n);
  await market.world.caughtUp();
  assert.ok((await administrator.findTransaction(prepared.transactionId))?.isValid);
}

async function rearranges({ market, feids }: Play): Promise<void> {
  await market.world.setTime(market.eventStartUnixMs + MTU_MS - 60_000);
  const late = submit(market.vn, "sc1:AcceptReduction", acceptance(["feid-1"], "sc1-late"));
  await assertRefused(late, "SC1_LATE_ACCEPTANCE");
  const nothing = { envelopes: [], boundaries: [null, null, null] };
  const early = submit(market.vn, "sc2:SettleDR", { contractId: "sc2-1-feid-1", evidence: nothing });
  await assertRefused(early, "EVIDENCE_EARLY_GAP");
  const terms = replacementTerms(market);
  await submit(market.vn, "sc2:SetupDR", { chunkNo: 1, terms });
  assert.equal((await accept(market, feids[2] as Feid, terms)).state, "accepted");
}

async function settlesByEvidence({ market, feids }: Play): Promise<void> {
  await afterEvent(market);
  const [first, second, third] = feids as [Feid, Feid, Feid];
  const [ofFirst = null, ofSecond = null, ofThird = null] = await deliver(market, [
    { feid: first, terms: market.sc2Terms("feid-1"), actualWh: [2_000n, 1_900n] },
    { feid: second, terms: market.sc2Terms("feid-2"), actualWh: [2_000n, 3_200n] },
    { feid: third, terms: replacementTerms(market), actualWh: [2_100n] },
  ]);
  const foreign = { contractId: "sc2-1-feid-1", evidence: ofSecond };
  await assertRefused(submit(market.vn, "sc2:SettleDR", foreign), /^EVIDENCE_/);
  const { contracts } = await submit(market.vn, "sc2:SettleDRBatch", {
    settlements: [
      { contractId: "sc2-1-feid-1", evidence: ofFirst },
      { contractId: "sc2-1-feid-2", evidence: ofSecond },
      { contractId: "sc2-1-feid-3", evidence: ofThird },
      { contractId: "sc2-1-feid-4", evidence: null },
    ],
  });
  const states = contracts.map(({ state }) => state);
  assert.deepEqual(states, ["settled", "settled", "settled", "expired"]);
}

async function paysOnce({ market }: Play): Promise<void> {
  const { settlement } = (await settleSc1(market)).contract;
  assert.deepEqual([settlement?.originalWh, settlement?.rearrangedWh, settlement?.deficientWh], [3_000n, 900n, 100n]);
  const { contract } = await completeSc1(market);
  assert.deepEqual([contract.state, contract.heldMicro], ["completed", 0n]);
  await assertRefused(submit(market.aggregator, "sc1:DRCompletion", { contractId: "sc1-1", chunkNo: 0 }));
  const whole = { contractId: "sc1-late", chunkNo: null, settlements: [] };
  assert.equal((await submit(market.vn, "sc1:SettleDR", whole)).contract.state, "expired");
  const earnedMicro = { "feid-1": 400_000n, "feid-2": 80_000n, "feid-3": 170_001n, "feid-4": 7n };
  let totalMicro = (await market.balanceMicro("aggregator")) + (await market.balanceMicro("vn:district"));
  for (const [deviceId, micro] of Object.entries(earnedMicro)) {
    const balanceMicro = await market.balanceMicro(`feid:${deviceId}`);
    assert.equal(balanceMicro, 1_000_000n + micro, deviceId);
    totalMicro += balanceMicro;
  }
  assert.equal(totalMicro, (await query(market.auditor, "accounts:GetSupply", {})).mintedMicro);
}

/** What is left of the event when the replacement comes in. */
function replacementTerms(market: Market) {
  return market.sc2Terms("feid-3", {
    kind: "replacement",
    intervals: market.intervals(1, 1),
    orderedWh: [1_000n],
    baselineWh: [3_000n],
  });
}
