import { expect, it } from "vitest";
import type { Sc1, Sc2 } from "../agreement/index.ts";
import { sc1SettlementFrom, sumSc2 } from "../sc1/index.ts";
import { recomputeSc1 } from "./recompute.ts";

const INTERVALS = [0, 1].map((index) => ({ startUnixMs: index * 900_000, endUnixMs: (index + 1) * 900_000 }));
const PRICES = { priceMicroPerWh: 300n, penaltyMicroPerWh: 200n, penaltyCapMicro: 500_000n };
const POLICY = { incentive: { kind: "energy", capacityMicroPerWh: 0n, tiers: [] }, deadBandPerMille: 0n };

function sc2(deviceId: string, deliveredWh: readonly bigint[]): Sc2 {
  const intervals = INTERVALS.map((interval, index) => {
    const wh = deliveredWh[index] ?? 0n;
    const nothing = { deficiencyWh: 1_000n - wh, penalisedWh: 1_000n - wh };
    return {
      ...interval,
      orderedWh: 1_000n,
      baselineWh: 3_000n,
      actualWh: 3_000n - wh,
      deltaWh: wh,
      deliveredWh: wh,
      ...nothing,
    };
  });
  const terms = { contractId: `sc2-${deviceId}`, deviceId, kind: "original" };
  return { terms, settlement: { intervals } } as unknown as Sc2;
}

function settledFrom(contracts: readonly Sc2[]) {
  const sums = sumSc2(INTERVALS, contracts);
  const terms = { contractId: "sc1", intervals: INTERVALS, orderedWh: [1_000n, 1_000n], ...PRICES };
  const open = { terms, policy: POLICY, settlement: null } as unknown as Sc1;
  const contract: Sc1 = { ...open, state: "settled", settlement: sc1SettlementFrom(open, [sums]) };
  return { contract, chunk: { sc1Id: "sc1", chunkNo: 3, state: "summed", sc2ContractIds: ["sc2-a"], sums } as const };
}

it("says that an SC1 is what its SC2 add up to", () => {
  const contracts = [sc2("a", [1_000n, 400n])];
  const { contract, chunk } = settledFrom(contracts);
  const found = recomputeSc1(contract, [{ chunk: { ...chunk, sc2ContractIds: ["sc2-a"] }, contracts }]);
  expect(found).toMatchObject({ isOther: false, changed: [] });
});

it("finds what another settlement of an SC2 makes of it, and names the chunk by what it adds up to", () => {
  const { contract, chunk } = settledFrom([sc2("a", [1_000n, 0n])]);
  const ofChunk = { ...chunk, sc2ContractIds: ["sc2-a"] };
  const found = recomputeSc1(contract, [{ chunk: ofChunk, contracts: [sc2("a", [1_000n, 400n])] }]);
  expect(found.isOther).toBe(true);
  expect([contract.settlement?.deliveredWh, found.settlement.deliveredWh]).toEqual([1_000n, 1_400n]);
  expect(found.changed).toEqual([{ chunkNo: 3, sumsHashHex: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  const other = recomputeSc1(contract, [{ chunk: ofChunk, contracts: [sc2("a", [1_000n, 500n])] }]);
  expect(other.changed[0]?.sumsHashHex).not.toBe(found.changed[0]?.sumsHashHex);
});
