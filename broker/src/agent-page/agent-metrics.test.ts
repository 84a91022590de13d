import { describe, expect, it } from "vitest";
import { agentViewModules } from "../../test/agent-view-modules.ts";
import { QUARTER_MS, START } from "../agent/test/agent-bench.ts";
import { FOUR_SOUND, MINUTE_MS, openBench } from "../agent/test/scenarios.ts";
import { agentMetrics } from "./agent-metrics.ts";

describe("the agent's metrics", () => {
  it("tell amendments that wait for a device from those that the ledger has", async () => {
    // Four fall in with the event; the first delivers nothing, and does not sign that its order is cut.
    const bench = await openBench({ ...FOUR_SOUND, a: { stuckFromUnixMs: START, amending: "is mute" } });
    const shown = async () => {
      const page = await agentMetrics(agentViewModules(bench)).metrics();
      const figure = (name: string) => Number(new RegExp(`^${name}\\{vn="district"\\} (\\d+)$`, "m").exec(page)?.[1]);
      return { open: figure("gridpact_agent_open_amendments"), onLedger: figure("gridpact_agent_amendments") };
    };
    await bench.runUntil(START);
    expect(await shown()).toEqual({ open: 0, onLedger: 0 });
    await bench.runUntil(START + QUARTER_MS - MINUTE_MS);
    expect(await shown()).toEqual({ open: 2, onLedger: 0 });
    // Half a minute before the change is to begin, what is signed by then is handed in.
    await bench.clock.advanceTo(START + QUARTER_MS - MINUTE_MS / 2);
    for (let tick = 0; tick < 3; tick++) await bench.agent().tick();
    expect(await shown()).toEqual({ open: 0, onLedger: 1 });
  });
});
