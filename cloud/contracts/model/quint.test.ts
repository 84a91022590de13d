/** The Quint form of the model says the same as the one that is explored, and its traces hold on the contracts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACTIONS, INITIAL, type State } from "./protocol-model.ts";
import { HAS_QUINT, type QuintRun, type QuintState, runQuint } from "./quint.ts";
import { replayTrace } from "./replay.ts";

/** Quint starts in seconds, on a busy machine in many. */
const TIMEOUT_MS = 300_000;

const SKIPPED = HAS_QUINT ? "" : " (skipped: @informalsystems/quint is not installed)";

describe.skipIf(!HAS_QUINT)(`the model in Quint${SKIPPED}`, () => {
  let run: QuintRun;

  beforeAll(async () => {
    run = await runQuint({ samples: 600, traces: 300, seed: "0x7" });
  }, TIMEOUT_MS);

  it("keeps its invariants in every random trace, and the traces do everything", () => {
    expect(run.isSound).toBe(true);
    const withoutDeclining = Object.keys(ACTIONS).filter((name) => name !== "refuseSc1" && name !== "payClaim");
    expect(actionsOf(run.traces)).toEqual(expect.arrayContaining(withoutDeclining));
  });

  it("takes no step that the explored model does not take to the same state", () => {
    for (const trace of run.traces) {
      let state = INITIAL;
      for (const step of trace) {
        const next = ACTIONS[step.action]?.(state);
        expect(next, `${step.action} in ${JSON.stringify(state)}`).toBeDefined();
        state = next as State;
        expect(asQuint(state)).toEqual(step.state);
      }
    }
  });

  it(
    "holds on the contracts, trace by trace",
    async () => {
      for (const trace of coveringTraces(run.traces)) await replayTrace(trace);
    },
    TIMEOUT_MS,
  );
});

describe.skipIf(!HAS_QUINT)(`a hole in the model${SKIPPED}`, () => {
  const directory = mkdtempSync(join(tmpdir(), "gridpact-model-"));
  afterAll(() => rmSync(directory, { recursive: true }));

  it.each([
    ["paying a chunk twice", 's.sc1 == "settled", s.chunk == "summed",', 's.sc1 == "settled", s.shown != "none",'],
    ["showing nothing while the event runs", 's.sc2 == "accepted", s.time >= ENDED,', 's.sc2 == "accepted",'],
    ["amending after the event", "not(isAmended(s)), s.time <= BEGUN,", "not(isAmended(s)),"],
    ["accepting after the event began", 's.sc1 == "proposed", s.time < BEGUN,', 's.sc1 == "proposed",'],
  ])(
    "is found: %s",
    async (_, sound, broken) => {
      const text = readFileSync(join(import.meta.dirname, "settlement.qnt"), "utf8");
      expect(text.split(sound)).toHaveLength(2);
      const path = join(directory, "settlement.qnt");
      writeFileSync(path, text.replace(sound, broken));
      expect((await runQuint({ samples: 2_000, traces: 1, seed: "0x7" }, path)).isSound).toBe(false);
    },
    TIMEOUT_MS,
  );
});

function actionsOf(traces: QuintRun["traces"]): string[] {
  return [...new Set(traces.flatMap((trace) => trace.map(({ action }) => action)))];
}

/** As few traces as it takes for each action to be in one of them. */
function coveringTraces(traces: QuintRun["traces"]): string[][] {
  const missing = new Set(actionsOf(traces));
  const chosen: string[][] = [];
  while (missing.size > 0) {
    const named = traces.map((trace) => trace.map(({ action }) => action));
    const newIn = (trace: readonly string[]) => new Set(trace.filter((action) => missing.has(action))).size;
    const best = named.reduce((left, right) => (newIn(right) > newIn(left) ? right : left));
    for (const action of best) missing.delete(action);
    chosen.push(best);
  }
  return chosen;
}

/** A state of the explored model in the words of the Quint one. */
function asQuint({ money, shown, summed, anew, committedAt, amendedAt, ...state }: State): QuintState {
  const { sc1, sc2, ...accounts } = money;
  const words = {
    shown: shown ?? "none",
    summed: summed ?? "none",
    anew: anew ?? "none",
    committedAt: committedAt ?? -1,
    amendedAt: amendedAt ?? -1,
  };
  return { ...state, ...accounts, sc1Held: sc1, sc2Held: sc2, ...words };
}
