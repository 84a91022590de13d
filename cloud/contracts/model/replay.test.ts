/** The model's traces, replayed on the contracts: what it says is possible is, what it says is not is refused. */
import { describe, expect, it } from "vitest";
import { explore, traceTo } from "./explore.ts";
import { ACTIONS, INITIAL, stepsFrom } from "./protocol-model.ts";
import { replayTrace } from "./replay.ts";

const exploration = explore(INITIAL, stepsFrom);

/** Shortest traces to the ends of the protocol, no two to the same contracts and money, each action at least once. */
function chosenTraces(): string[][] {
  const byShape = new Map<string, string[]>();
  for (const { state, steps } of exploration.states.values()) {
    const isEnd = steps.every(({ action }) => action === "tick");
    const { sc1, sc2, dispute, sc1Dispute, hasEvidence, shown, summed, money } = state;
    const shape = JSON.stringify([sc1, sc2, dispute, sc1Dispute, hasEvidence, shown, summed, money]);
    if (isEnd && !byShape.has(shape)) byShape.set(shape, traceTo(exploration, state));
  }
  const traces = [...byShape.values()];
  for (const action of Object.keys(ACTIONS)) {
    if (!traces.some((trace) => trace.includes(action))) traces.push(traceThrough(action));
  }
  return traces;
}

/** A shortest trace that ends with an action. */
function traceThrough(action: string): string[] {
  const found = [...exploration.states.values()].find(({ steps }) => steps.some((step) => step.action === action));
  return [...traceTo(exploration, found?.state ?? INITIAL), action];
}

describe("traces of the model on the contracts", () => {
  const traces = chosenTraces();

  it("cover every action", () => {
    expect(new Set(traces.flat())).toEqual(new Set(Object.keys(ACTIONS)));
  });

  it.each(traces.map((trace) => [trace.join(" ") || "nothing", trace] as const))("%s", async (_, trace) => {
    await replayTrace(trace);
  });
});
