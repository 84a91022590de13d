import { SeededRandom, VirtualClock } from "@gridpact/host";
import { beforeEach, describe, expect, it } from "vitest";
import { DELAY_MS, ScriptedNetwork, watch } from "../../test/scripted-network.ts";
import { Incarnation } from "./incarnation.ts";
import { type NetworkFaults, PERFECT_NETWORK, SimulatedNetwork } from "./network.ts";

const TIMEOUT_MS = 5_000;
const DRAWS = 2_000;

function fates(faults: Partial<NetworkFaults>, seed = "fates") {
  const random = new SeededRandom(seed);
  const network = new SimulatedNetwork(random, new VirtualClock(0), { ...PERFECT_NETWORK, ...faults });
  return Array.from({ length: DRAWS }, () => network.fate());
}

describe("the fate of a message", () => {
  it("is the same for a seed, and another for another", () => {
    const faults = { dropPerMille: 100, duplicatePerMille: 100, reorderPerMille: 100 };
    expect(fates(faults)).toEqual(fates(faults));
    expect(fates(faults)).not.toEqual(fates(faults, "other"));
  });

  it("is to arrive once, within the ordinary delay, on a perfect network", () => {
    for (const { isDropped, isDuplicated, delayMs } of fates({})) {
      expect([isDropped, isDuplicated]).toEqual([false, false]);
      expect(delayMs).toBeGreaterThanOrEqual(1);
      expect(delayMs).toBeLessThanOrEqual(PERFECT_NETWORK.delayMsMax);
    }
  });

  it("is what its chance says: never, always, or about as often", () => {
    expect(fates({ dropPerMille: 1_000 }).every(({ isDropped }) => isDropped)).toBe(true);
    expect(fates({ duplicatePerMille: 1_000 }).every(({ isDuplicated }) => isDuplicated)).toBe(true);
    const dropped = fates({ dropPerMille: 100 }).filter(({ isDropped }) => isDropped).length;
    expect(dropped / DRAWS).toBeGreaterThan(0.07);
    expect(dropped / DRAWS).toBeLessThan(0.13);
  });

  it("is to be overtaken by many others when it is reordered, within half a minute", () => {
    const delays = fates({ reorderPerMille: 1_000 }).map(({ delayMs }) => delayMs);
    expect(Math.max(...delays)).toBeGreaterThan(20_000);
    expect(Math.max(...delays)).toBeLessThanOrEqual(30_000);
  });
});

describe("a call over the network", () => {
  let clock: VirtualClock;
  let caller: Incarnation;
  let acts: number;

  beforeEach(() => {
    clock = new VirtualClock(0);
    caller = new Incarnation();
    acts = 0;
  });

  async function act(): Promise<string> {
    acts += 1;
    return `answer ${acts}`;
  }

  it("takes a way there and a way back", async () => {
    const call = watch(new ScriptedNetwork(clock).call(caller, act));
    await clock.advanceTo(DELAY_MS - 1);
    expect(acts).toBe(0);
    await clock.advanceTo(2 * DELAY_MS - 1);
    expect([acts, call.state]).toEqual([1, "open"]);
    await clock.advanceTo(2 * DELAY_MS);
    expect(call).toEqual({ state: "resolved", outcome: "answer 1" });
  });

  it("gives the other side's refusal as it is", async () => {
    const refused = new Error("refused");
    const call = watch(new ScriptedNetwork(clock).call(caller, () => Promise.reject(refused)));
    await clock.advanceTo(2 * DELAY_MS);
    expect(call).toEqual({ state: "rejected", outcome: refused });
  });

  it("is given up after a while when the request is lost: nothing was done", async () => {
    const call = watch(new ScriptedNetwork(clock, { isDropped: true }).call(caller, act));
    await clock.advanceTo(DELAY_MS + TIMEOUT_MS - 1);
    expect(call.state).toBe("open");
    await clock.advanceTo(DELAY_MS + TIMEOUT_MS);
    expect(call).toMatchObject({ state: "rejected", outcome: { code: "NETWORK_LOST" } });
    expect(acts).toBe(0);
  });

  it("is given up in the same way when the answer is lost, though it was done", async () => {
    const call = watch(new ScriptedNetwork(clock, {}, { isDropped: true }).call(caller, act));
    await clock.advanceTo(2 * DELAY_MS + TIMEOUT_MS);
    expect(call).toMatchObject({ state: "rejected", outcome: { code: "NETWORK_LOST" } });
    expect(acts).toBe(1);
  });

  it("is done twice when the request is doubled, and the second answer counts", async () => {
    const call = watch(new ScriptedNetwork(clock, { isDuplicated: true }).call(caller, act));
    await clock.advanceTo(2 * DELAY_MS);
    expect(call).toEqual({ state: "resolved", outcome: "answer 2" });
  });

  it("that is doubled does not fail for the first of the two", async () => {
    const failsOnce = async () => {
      if ((await act()) === "answer 1") throw new Error("the first time");
      return "the second time";
    };
    const call = watch(new ScriptedNetwork(clock, { isDuplicated: true }).call(caller, failsOnce));
    await clock.advanceTo(2 * DELAY_MS);
    expect(call.outcome).toBe("the second time");
  });

  it.each([
    ["an answer", [{}]],
    ["the loss of the request", [{ isDropped: true }]],
    ["the loss of the answer", [{}, { isDropped: true }]],
  ])("never tells a caller that has died of %s", async (_, script) => {
    const call = watch(new ScriptedNetwork(clock, ...script).call(caller, act));
    await clock.advanceTo(DELAY_MS - 1);
    caller.kill();
    await clock.advanceTo(10 * TIMEOUT_MS);
    expect(call.state).toBe("open");
  });

  it("never tells a caller that has died of a refusal", async () => {
    const call = watch(new ScriptedNetwork(clock).call(caller, () => Promise.reject(new Error("refused"))));
    caller.kill();
    await clock.advanceTo(TIMEOUT_MS);
    expect(call.state).toBe("open");
  });
});
