import { describe, expect, it } from "vitest";
import { END, QUARTER_MS, START } from "./test/agent-bench.ts";
import { FOUR_SOUND, MINUTE_MS, openBench, SETTLED, sc1, setpointsOf } from "./test/scenarios.ts";

const STUCK = { stuckFromUnixMs: START };

type Bench = Awaited<ReturnType<typeof openBench>>;

const contractOf = (bench: Bench, deviceId: string) => bench.chain.contracts.sc2.get(`peak:${deviceId}`);

/** What the order of a device was at first, and what is in force. */
function orders(bench: Bench, deviceId: string) {
  const { terms, amendment } = contractOf(bench, deviceId) ?? {};
  return { first: terms?.orderedWh ?? [], inForce: amendment?.orderedWh ?? terms?.orderedWh ?? [] };
}

describe("the agent, when a device at work falls short,", () => {
  it("moves its order of the intervals to come to others by an amendment that all of them signed", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: STUCK });
    await bench.runUntil(SETTLED);
    expect(bench.chain.effects.filter((name) => name === "sc2:Amend")).toHaveLength(1);
    const [a, b] = [orders(bench, "a"), orders(bench, "b")];
    const joined = contractOf(bench, "c")?.terms.orderedWh ?? [];
    expect(a.inForce[0]).toBe(a.first[0]);
    expect(b.inForce[0]).toBe(b.first[0]);
    const cutWh = (a.first[1] ?? 0n) - (a.inForce[1] ?? 0n);
    const movedWh = (b.inForce[1] ?? 0n) - (b.first[1] ?? 0n) + (joined[0] ?? 0n);
    expect(cutWh > 0n && movedWh >= cutWh).toBe(true);
    // It may recover: what comes after is decided when the next interval has been seen.
    expect(a.inForce.slice(2)).toEqual(a.first.slice(2));
    // Of the interval that was cut it is charged for a tenth, which it might still have delivered.
    const settlement = contractOf(bench, "a")?.settlement;
    expect(settlement?.deficiencyWh).toBe(a.inForce.reduce((sum, each) => sum + each, 0n));
    const { originalWh = 0n, rearrangedWh = 0n, deficientWh = 0n, orderedWh } = sc1(bench)?.settlement ?? {};
    expect(originalWh + rearrangedWh + deficientWh).toBe(orderedWh);
  });

  it("sends setpoints by the order in force, and shows the amendment in receipts", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: STUCK });
    await bench.runUntil(SETTLED);
    expect([...new Set(setpointsOf(bench, "b").map(({ revision }) => revision))]).toEqual([1, 2]);
    const shown = (await bench.receipts()).map(({ deviceId, transactions }) => {
      return [deviceId, transactions.filter(({ name }) => name === "sc2:Amend").length];
    });
    expect(shown).toEqual([
      ["a", 1],
      ["b", 1],
      ["c", 0],
    ]);
  });

  it("remembers of a device that was let off what it had promised", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: STUCK });
    await bench.runUntil(SETTLED);
    const failed = bench.agent().prosumers()[0];
    expect([failed?.prosumerId, failed?.memory.meanRate]).toEqual(["a", 0]);
  });

  it.each(["declines", "is mute", "forges"] as const)("goes on without it when it %s", async (amending) => {
    // The bench ticks once a minute: time enough for two of them.
    const bench = await openBench({ ...FOUR_SOUND, a: { ...STUCK, amending } }, 200n, { amendLeadMs: 2 * MINUTE_MS });
    await bench.runUntil(SETTLED);
    expect(orders(bench, "a").inForce).toEqual(orders(bench, "a").first);
    expect(orders(bench, "b").inForce).not.toEqual(orders(bench, "b").first);
    expect(bench.event().phase).toBe("completed");
  });

  it("hands in before the interval begins what is signed by then", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: { ...STUCK, amending: "is mute" } });
    await bench.runUntil(START + QUARTER_MS - MINUTE_MS);
    expect(bench.event().amending?.changes.map(({ contractId }) => contractId)).toEqual(["peak:a", "peak:b"]);
    expect(bench.chain.effects).not.toContain("sc2:Amend");
    await bench.clock.advanceTo(START + QUARTER_MS - MINUTE_MS / 2);
    for (let tick = 0; tick < 3; tick++) await bench.agent().tick();
    expect(bench.chain.effects).toContain("sc2:Amend");
  });

  it("tries changes one by one that the ledger refused together, and lets those go that it refuses alone", async () => {
    const bench = await openBench({ ...FOUR_SOUND, a: STUCK });
    bench.chain.refusals["sc2:Amend"] = ["ACCOUNT_INSUFFICIENT", "ACCOUNT_INSUFFICIENT"];
    await bench.runUntil(SETTLED);
    expect(orders(bench, "a").inForce[1]).toBe(orders(bench, "a").first[1]);
    expect(orders(bench, "b").inForce[1]).not.toBe(orders(bench, "b").first[1]);
    expect(bench.event()).toMatchObject({ phase: "completed", amending: null });
  });

  it("asks a device at work before the event, too, when another declined its contract", async () => {
    const bench = await openBench({ a: { refusal: "the owner is at home" }, b: {} });
    await bench.runUntil(END);
    const { first, inForce } = orders(bench, "b");
    expect(inForce.every((each, index) => each > (first[index] ?? 0n))).toBe(true);
  });
});
