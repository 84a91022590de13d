import { type EventTrace, learnRebound, type ProsumerState, usualEnergyWh } from "@gridpact/flexibility";
import { netImportWh } from "@gridpact/settlement";
import { DAY_MS } from "../../time-spans.ts";
import type { Given } from "../agent-host.ts";
import type { ProsumerBook } from "./prosumer-book.ts";

/** Learns what devices caught up on after their newest event, once the time after it is metered. */
export async function learnRebounds(context: Given<"clock" | "evidence"> & { prosumers: ProsumerBook }): Promise<void> {
  const { options, modules, prosumers } = context;
  const nowUnixMs = modules.clock.nowUnixMs();
  for (const state of prosumers.list()) {
    const trace = state.traces.at(-1);
    const dueMs = nowUnixMs - (trace?.endUnixMs ?? nowUnixMs) - options.reboundMs;
    // What is not metered a day later never will be.
    if (trace === undefined || trace.reboundPerMille !== null || dueMs < 0 || dueMs > DAY_MS) continue;
    const perMille = await reboundPerMille(state, trace, context);
    if (perMille !== undefined) await prosumers.save(learnRebound(state, trace.eventId, perMille));
  }
}

/** Energy beyond what the prosumer usually draws at that time, per mille of what it delivered. */
async function reboundPerMille(
  state: ProsumerState,
  { endUnixMs, deliveredWh }: EventTrace,
  { options, modules }: Given<"evidence">,
): Promise<number | undefined> {
  if (deliveredWh === 0) return undefined;
  const untilUnixMs = endUnixMs + options.reboundMs;
  const registers = await modules.evidence.registersAt(state.prosumerId, [endUnixMs, untilUnixMs]);
  const [drawnWh = null] = netImportWh(registers.map((each) => each ?? null));
  const usualWh = usualEnergyWh(state, endUnixMs, untilUnixMs);
  if (drawnWh === null || usualWh === null) return undefined;
  return ((Number(drawnWh) - usualWh) * 1_000) / deliveredWh;
}
