import { baselineCommitment, type Evidence, type Sc2Terms, type TransactionArgument } from "@gridpact/contracts";
import type { Feid } from "./feid.ts";
import { consent, evidenceIn, type Market, MTU_MS, meterContract, query, submit } from "./market.ts";

const HASH = "cd".repeat(32);

type Acceptance = TransactionArgument<"sc1:AcceptReduction">;

/** Baselines of 3,000 Wh an interval for these devices. */
export function baselinesOf(deviceIds: readonly string[]): Acceptance["baselines"] {
  return Object.fromEntries(deviceIds.map((deviceId) => [deviceId, [3_000n, 3_000n]]));
}

/** Nominates all that `Market.sc1Terms` orders, and commits to the baselines of these devices. */
export function acceptance(deviceIds: readonly string[], contractId = "sc1-1"): Acceptance {
  const baselines = baselinesOf(deviceIds);
  return {
    contractId,
    baselineCommitmentHex: baselineCommitment(baselines),
    forecastHashHex: HASH,
    planHashHex: HASH,
    nominatedWh: [2_000n, 2_000n],
    baselines,
  };
}

/** SC1 set up by the aggregator and accepted by the virtual node. */
export async function acceptedSc1(market: Market, feids: readonly Feid[]): Promise<void> {
  await submit(market.aggregator, "sc1:SetupDR", market.sc1Terms());
  await submit(market.vn, "sc1:AcceptReduction", acceptance(feids.map(({ deviceId }) => deviceId)));
}

/** The device signs its own contract. */
export function accept(market: Market, feid: Feid, terms: Sc2Terms) {
  return submit(market.clientOf(feid), "sc2:AcceptReduction", consent(terms));
}

/** Time after the event, when all readings are there. */
export function afterEvent(market: Market): Promise<void> {
  return market.world.setTime(market.eventStartUnixMs + 2 * MTU_MS + 60_000);
}

/** Meters, anchors and gives the evidence of devices that used so much in each interval. */
export async function deliver(
  market: Market,
  deliveries: readonly { feid: Feid; terms: Sc2Terms; actualWh: readonly bigint[] }[],
): Promise<Evidence[]> {
  const metered = deliveries.map(({ feid, terms, actualWh }) => meterContract(feid, terms, actualWh));
  const anchored = await market.anchor(metered.flat());
  let leafIndex = 0;
  return metered.map((envelopes) =>
    evidenceIn(
      anchored,
      envelopes.map((signed) => ({ signed, leafIndex: leafIndex++ })),
    ),
  );
}

/** Adds an SC1 up from its chunks. */
export async function settleSc1(market: Market, contractId = "sc1-1") {
  await market.world.caughtUp();
  const { chunks } = await query(market.auditor, "sc1:GetContract", { contractId });
  for (const { chunkNo, state } of chunks) {
    if (state === "open") await submit(market.vn, "sc1:SettleDR", { contractId, chunkNo, settlements: [] });
  }
  return submit(market.vn, "sc1:SettleDR", { contractId, chunkNo: null, settlements: [] });
}

/** Pays an SC1, its chunks first. */
export async function completeSc1(market: Market, contractId = "sc1-1") {
  await market.world.caughtUp();
  const { chunks } = await query(market.auditor, "sc1:GetContract", { contractId });
  for (const { chunkNo, state } of chunks) {
    if (state === "summed") await submit(market.aggregator, "sc1:DRCompletion", { contractId, chunkNo });
  }
  return submit(market.aggregator, "sc1:DRCompletion", { contractId, chunkNo: null });
}
