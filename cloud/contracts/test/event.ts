/** The steps of an event, for tests that are about one of them. */
import type { Evidence, Sc2Terms } from "../src/index.ts";
import type { Identity } from "./certificate.ts";
import type { Feid } from "./feid.ts";
import {
  AGGREGATOR,
  type Anchored,
  AUDITOR,
  acceptance,
  consent,
  DISTRICT,
  type Market,
  sc1Terms,
  sc2Terms,
  wholeOf,
} from "./market.ts";

/** SC1 set up and accepted, with baselines of these devices. */
export async function acceptedSc1(market: Market, feids: readonly Feid[]): Promise<void> {
  await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
  await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(feids.map(({ deviceId }) => deviceId)));
}

/** SC2 with these devices set up and accepted, under an accepted SC1. */
export async function acceptedSc2(market: Market, feids: readonly Feid[]): Promise<Sc2Terms[]> {
  const contracts = feids.map(({ deviceId }) => sc2Terms(deviceId));
  await market.offerAll(contracts);
  for (const [index, feid] of feids.entries()) {
    const terms = contracts[index] ?? sc2Terms(feid.deviceId);
    await market.submit(feid.identity, "sc2:AcceptReduction", consent(terms));
  }
  return contracts;
}

/** Settles an SC1 whose SC2 are settled, chunk by chunk and then as a whole. */
export async function settleSc1(market: Market, caller: Identity = DISTRICT, contractId = "sc1-1") {
  const { chunks } = await market.submit(AUDITOR, "sc1:GetContract", { contractId });
  for (const { chunkNo, state } of chunks) {
    if (state === "open") await market.submit(caller, "sc1:SettleDR", { contractId, chunkNo, settlements: [] });
  }
  return market.submit(caller, "sc1:SettleDR", wholeOf(contractId));
}

/** Pays a settled SC1, chunk by chunk and then as a whole. */
export async function completeSc1(market: Market, contractId = "sc1-1") {
  const { chunks } = await market.submit(AUDITOR, "sc1:GetContract", { contractId });
  for (const { chunkNo, state } of chunks) {
    if (state === "summed") await market.submit(AGGREGATOR, "sc1:DRCompletion", { contractId, chunkNo });
  }
  return market.submit(AGGREGATOR, "sc1:DRCompletion", { contractId, chunkNo: null });
}

/** Readings of a device at the boundaries of the intervals of its contract, one envelope each. */
export function meter(feid: Feid, { intervals }: Sc2Terms, actualWh: readonly bigint[]) {
  let importWh = 1_000_000n;
  const firstUnixMs = intervals[0]?.startUnixMs ?? 0;
  const envelopes = [feid.sign([{ measuredAtUnixMs: BigInt(firstUnixMs), importWh, exportWh: 0n }])];
  for (const [index, { endUnixMs }] of intervals.entries()) {
    importWh += actualWh[index] ?? 0n;
    envelopes.push(feid.sign([{ measuredAtUnixMs: BigInt(endUnixMs), importWh, exportWh: 0n }]));
  }
  return envelopes;
}

/** Evidence with one envelope for each boundary. */
export function fullEvidence(market: Market, envelopes: readonly Anchored[]): Evidence {
  return market.evidence(
    envelopes,
    envelopes.map((_, envelope) => ({ envelope, reading: 0 })),
  );
}

/** Meters, anchors and gives the evidence of one device that used `actualWh`. */
export async function delivered(
  market: Market,
  feid: Feid,
  { terms, actualWh }: { terms: Sc2Terms; actualWh: readonly bigint[] },
): Promise<Evidence> {
  return fullEvidence(market, await market.anchor(meter(feid, terms, actualWh)));
}
