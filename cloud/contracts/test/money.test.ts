import { type MoneySplit, totalMoney } from "@gridpact/settlement";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Evidence, TransactionArgument } from "../src/index.ts";
import { acceptedSc1, completeSc1, delivered, settleSc1 } from "./event.ts";
import type { Feid } from "./feid.ts";
import {
  AUDITOR,
  consent,
  DISTRICT,
  EVENT_START_UNIX_MS,
  type Market,
  MTU_MS,
  openMarket,
  sc2Terms,
} from "./market.ts";

/** What a device does in an event: takes part or not, what it uses in each interval, and where nothing was read. */
const BEHAVIOUR = fc.record({
  isAccepting: fc.boolean(),
  kind: fc.constantFrom("original" as const, "replacement" as const),
  orderedWh: fc.array(fc.bigInt({ min: 0n, max: 2_000n }), { minLength: 2, maxLength: 2 }),
  actualWh: fc.array(fc.bigInt({ min: 0n, max: 5_000n }), { minLength: 2, maxLength: 2 }),
  missing: fc.uniqueArray(fc.nat(2)),
});

type Behaviour = typeof BEHAVIOUR extends fc.Arbitrary<infer T> ? T : never;
type Settlement = TransactionArgument<"sc2:SettleDRBatch">["settlements"][number];

describe("money", () => {
  it("is neither made nor lost by any event, and every micro of it has a reason", async () => {
    const events = fc.array(BEHAVIOUR, { minLength: 1, maxLength: 5 });
    await fc.assert(fc.asyncProperty(events, expectConserved), { numRuns: 25 });
  });
});

async function expectConserved(devices: readonly Behaviour[]): Promise<void> {
  const { market, feids } = await openMarket(devices.length);
  const mintedMicro = await market.mintedMicro();
  await acceptedSc1(market, feids);
  const settlements: Settlement[] = [];
  for (const [index, device] of devices.entries()) {
    settlements.push(await takePart(market, feids[index] as Feid, device));
  }
  await market.pass(EVENT_START_UNIX_MS + 2 * MTU_MS);
  await market.submit(DISTRICT, "sc2:SettleDRBatch", { settlements });
  await settleSc1(market);
  expect(market.totalMicro()).toBe(mintedMicro);
  await completeSc1(market);
  expect(market.totalMicro()).toBe(mintedMicro);
  await expectStatementsToMatch(market);
}

/** Offers, accepts perhaps, and meters; returns what the node settles the contract with. */
async function takePart(market: Market, feid: Feid, behaviour: Behaviour): Promise<Settlement> {
  const { isAccepting, kind, orderedWh, actualWh, missing } = behaviour;
  const terms = sc2Terms(feid.deviceId, { orderedWh, kind });
  const { contractId } = terms;
  await market.offer(terms);
  if (!isAccepting) return { contractId, evidence: null };
  await market.submit(feid.identity, "sc2:AcceptReduction", consent(terms));
  return { contractId, evidence: without(await delivered(market, feid, { terms, actualWh }), missing) };
}

/** The evidence as it is when some boundaries were never read. */
function without({ envelopes, boundaries }: Evidence, missing: readonly number[]): Evidence {
  const shown = boundaries.flatMap((_, at) => (missing.includes(at) ? [] : [at]));
  return {
    envelopes: envelopes.filter((_, at) => shown.includes(at)),
    boundaries: boundaries.map((_, at) => (shown.includes(at) ? { envelope: shown.indexOf(at), reading: 0 } : null)),
  };
}

/** What the contracts say was escrowed, paid, charged and returned is what moved on the accounts. */
async function expectStatementsToMatch(market: Market): Promise<void> {
  const { contract, sc2ContractIds } = await market.submit(AUDITOR, "sc1:GetContract", { contractId: "sc1-1" });
  const splits: MoneySplit[] = contract.settlement === null ? [] : [contract.settlement];
  for (const contractId of sc2ContractIds) {
    const { settlement, heldMicro } = await market.submit(AUDITOR, "sc2:GetContract", { contractId });
    expect(heldMicro).toBe(0n);
    if (settlement !== null) splits.push(settlement);
  }
  const totals = totalMoney(splits);
  const moved = movedMicro(market);
  expect(totals.escrowedMicro).toBe(totals.paidMicro + totals.penaltyMicro + totals.returnedMicro);
  expect(moved("pay")).toBe(totals.paidMicro);
  expect(moved("penalty")).toBe(totals.penaltyMicro);
  // Escrows of offers that expired are locked and returned, and in no settlement.
  expect(moved("lock") - totals.escrowedMicro).toBe(moved("return") - totals.returnedMicro);
  const { orderedWh, originalWh, rearrangedWh, deficientWh } = contract.settlement ?? { orderedWh: -1n };
  expect((originalWh ?? 0n) + (rearrangedWh ?? 0n) + (deficientWh ?? 0n)).toBe(orderedWh);
}

function movedMicro(market: Market): (kind: string) => bigint {
  const transfers = market.ledger.entries("entry/").flatMap(([, entry]) => JSON.parse(entry).transfers);
  return (kind) =>
    transfers.filter((each) => each.kind === kind).reduce((sum, each) => sum + BigInt(each.amountMicro), 0n);
}
