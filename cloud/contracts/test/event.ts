/** The steps of an event, for tests that are about one of them. */
import type { Evidence, Sc2Terms } from "../src/index.ts";
import type { Feid } from "./feid.ts";
import { AGGREGATOR, type Anchored, acceptance, consent, DISTRICT, type Market, sc1Terms, sc2Terms } from "./market.ts";

/** SC1 set up and accepted, with baselines of these devices. */
export async function acceptedSc1(market: Market, feids: readonly Feid[]): Promise<void> {
  await market.submit(AGGREGATOR, "sc1:SetupDR", sc1Terms());
  await market.submit(DISTRICT, "sc1:AcceptReduction", acceptance(feids.map(({ deviceId }) => deviceId)));
}

/** SC2 with these devices set up and accepted, under an accepted SC1. */
export async function acceptedSc2(market: Market, feids: readonly Feid[]): Promise<Sc2Terms[]> {
  const contracts = feids.map(({ deviceId }) => sc2Terms(deviceId));
  await market.submit(DISTRICT, "sc2:SetupDRBatch", { contracts });
  for (const [index, feid] of feids.entries()) {
    const terms = contracts[index] ?? sc2Terms(feid.deviceId);
    await market.submit(feid.identity, "sc2:AcceptReduction", consent(terms));
  }
  return contracts;
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
