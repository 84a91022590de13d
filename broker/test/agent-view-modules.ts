import { type AgentBench, END, QUARTER_MS } from "../src/agent/test/agent-bench.ts";
import type { AgentViewModules } from "../src/agent-page/agent-view.ts";

/** What the page of a bench's agent is drawn from: windows of 500 Wh until the event's end, devices at 1,000 W. */
export function agentViewModules(bench: AgentBench): AgentViewModules {
  return {
    vnId: "district",
    agent: bench.agent(),
    disputes: () => ({ waiting: 0, opened: 0 }),
    windows: {
      feeders: () => ["feeder-1"],
      sum: (startUnixMs) =>
        startUnixMs < END ? { startUnixMs, importWh: 500n, exportWh: 0n, readingCount: 4 } : undefined,
    },
    meteredOf: async (_, fromUnixMs, toUnixMs) => new Array((toUnixMs - fromUnixMs) / QUARTER_MS).fill(1_000),
    nowUnixMs: () => bench.clock.nowUnixMs(),
    mtuMs: QUARTER_MS,
  };
}
