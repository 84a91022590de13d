import { setImmediate } from "node:timers/promises";
import { loadSolver } from "@gridpact/flexibility";
import { type LogFields, silentLog } from "@gridpact/host";
import { afterEach, describe, expect, it } from "vitest";
import { drRequest } from "../test/agent-bench.ts";
import { sampleCandidate } from "../test/choice-samples.ts";
import type { ChoiceRules } from "./choice-rules.ts";
import type { Choice, ChoiceInputs } from "./dispatch-orders.ts";
import { type Dispatcher, InlineDispatcher, ThreadDispatcher } from "./dispatcher.ts";

const rules: ChoiceRules = {
  limits: [],
  lossPerMilleMax: 500,
  dispatch: {
    contractCostMicro: 1_000n,
    contractLeastWh: 10n,
    reboundUnits: 4,
    grid: null,
    budget: { nodes: 200, rounds: 60, iterations: 10_000 },
  },
};

const inputsFor = (orderedWh: bigint): ChoiceInputs => ({
  request: drRequest(orderedWh),
  candidates: ["a", "b", "c"].map((deviceId) => sampleCandidate(deviceId, { reliabilityPerMille: 900 })),
  rules,
});

const inline = new InlineDispatcher(await loadSolver());
const solvedInline = (inputs: ChoiceInputs) => {
  inline.begin(inputs);
  return inline.choice();
};

/** Lets the thread's messages in until there is an answer. */
async function answerOf(dispatcher: Dispatcher): Promise<Choice> {
  for (;;) {
    const choice = dispatcher.choice();
    if (choice !== undefined) return choice;
    await setImmediate();
  }
}

describe("orders solved in a thread", () => {
  const open: Dispatcher[] = [];
  afterEach(async () => {
    for (const dispatcher of open.splice(0)) await dispatcher.close();
  });
  const opened = (dispatcher: ThreadDispatcher) => {
    open.push(dispatcher);
    return dispatcher;
  };

  it("are those that the same inputs give without one", async () => {
    const dispatcher = opened(new ThreadDispatcher(silentLog));
    dispatcher.begin(inputsFor(150n));
    expect(dispatcher.choice()).toBeUndefined();
    expect(await answerOf(dispatcher)).toEqual(solvedInline(inputsFor(150n)));
  });

  it("are of what was begun last", async () => {
    const dispatcher = opened(new ThreadDispatcher(silentLog));
    dispatcher.begin(inputsFor(150n));
    dispatcher.begin(inputsFor(60n));
    expect(await answerOf(dispatcher)).toEqual(solvedInline(inputsFor(60n)));
  });

  it("are greedy when the thread ends, which is logged, and the next begins another", async () => {
    const logged: [string, LogFields | undefined][] = [];
    const log = { ...silentLog, error: (event: string, fields?: LogFields) => void logged.push([event, fields]) };
    const missing = opened(new ThreadDispatcher(log, new URL("./no-such-thread.ts", import.meta.url)));
    for (const orderedWh of [150n, 60n]) {
      missing.begin(inputsFor(orderedWh));
      expect((await answerOf(missing)).way).toEqual({ way: "fallback", reason: "no_solver" });
    }
    expect(logged.map(([event]) => event)).toEqual(["dispatch_thread_failed", "dispatch_thread_failed"]);
  });
});
