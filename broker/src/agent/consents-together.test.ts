import { decode, SIGN_STAGE } from "@gridpact/proto";
import { describe, expect, it } from "vitest";
import type { AgentBench } from "./test/agent-bench.ts";
import type { DeviceTraits } from "./test/fake-device.ts";
import { FOUR_SOUND, openBench, SETTLED, sc1, served } from "./test/scenarios.ts";

/** Two devices serve the request; their offer is large enough for consents that go to the ledger together. */
const openTogether = (traits: Record<string, DeviceTraits>) => openBench(traits, 200n, { consentsTogetherMin: 2 });

/** Stages of what a device was asked to sign. */
function stagesAsked(bench: AgentBench, deviceId: string): number[] {
  const received = bench.devices.get(deviceId)?.received ?? [];
  return received
    .filter(({ channel }) => channel === "sign-request")
    .map(({ bytes }) => decode("SignRequest", bytes).stage);
}

const acceptances = ({ chain }: AgentBench) => chain.effects.filter((name) => name.startsWith("sc2:AcceptReduction"));

describe("consents that go to the ledger together", () => {
  it("take one signature of each device, and one transaction", async () => {
    const bench = await openTogether(FOUR_SOUND);
    await bench.runUntil(SETTLED);
    expect(acceptances(bench)).toEqual(["sc2:AcceptReductionBatch"]);
    expect(stagesAsked(bench, "a")).toEqual([SIGN_STAGE.CONSENT]);
    expect(sc1(bench)?.settlement?.outcome).toBe("success");
    const [receipt] = await bench.receipts();
    const names = receipt?.transactions.map(({ name }) => name) ?? [];
    expect(names.filter((name) => name.startsWith("sc2:AcceptReduction"))).toEqual(["sc2:AcceptReductionBatch"]);
    expect(bench.agent().failedSteps()).toBe(0);
  });

  it("are not asked for of fewer devices than the bound", async () => {
    const bench = await openBench(FOUR_SOUND, 200n, { consentsTogetherMin: 3 });
    await bench.runUntil(SETTLED);
    expect(acceptances(bench)).toEqual(["sc2:AcceptReduction", "sc2:AcceptReduction"]);
    expect(stagesAsked(bench, "a")).not.toContain(SIGN_STAGE.CONSENT);
  });

  it.each<[string, DeviceTraits]>([
    ["declines", { refusal: "the owner is at home" }],
    ["stays away", { isMute: true }],
    ["signs something else", { isForging: true }],
  ])("bind the others when one of them %s, which is replaced", async (_, traits) => {
    const bench = await openTogether({ ...FOUR_SOUND, a: traits });
    await bench.runUntil(SETTLED);
    expect(served(bench)).toEqual([
      ["a", "original", 0, "lapsed"],
      ["b", "original", 0, "accepted"],
      ["c", "replacement", 0, "accepted"],
    ]);
    expect(bench.chain.contracts.sc2.get("peak:a")?.state).toBe("expired");
    expect((await bench.receipts()).map(({ deviceId }) => deviceId)).toEqual(["b", "c"]);
  });

  it("are found on the ledger by an agent that crashed while they were handed in", async () => {
    const bench = await openTogether(FOUR_SOUND);
    let crashes = 0;
    await bench.runUntil(SETTLED, async () => {
      if (stagesAsked(bench, "a").length === 0 || crashes === 2) return;
      // Once after the devices have signed, and once after the ledger has their consents.
      crashes += 1;
      await bench.open();
    });
    expect(acceptances(bench)).toEqual(["sc2:AcceptReductionBatch"]);
    expect(sc1(bench)).toMatchObject({ state: "completed", settlement: { outcome: "success" } });
  });
});
