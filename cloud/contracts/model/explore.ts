/** Explores a state machine breadth first to its last state, and keeps how each state is reached. */
import type { State, Step } from "./protocol-model.ts";

/** The model has some thousand states; one that has a million has lost a bound. */
const STATES_MAX = 1_000_000;

/** All that can be reached; complete, since a model that is larger than `STATES_MAX` throws. */
export type Exploration = {
  /** Every reachable state, by its text. */
  readonly states: ReadonlyMap<string, Reached>;
};

/** One state, the steps that lead on, and the first step that was found to lead here. */
export type Reached = {
  readonly state: State;
  /** Steps that lead on from here. */
  readonly steps: readonly Step[];
  /** The step by which a shortest trace comes here; null for the initial state. */
  readonly cameBy: { readonly fromKey: string; readonly action: string } | null;
};

/** Two states are one exactly when their texts are: every `State` MUST be built with its fields in one order. */
export function keyOf(state: State): string {
  return JSON.stringify(state);
}

/** @throws Error when there are more states than `STATES_MAX` */
export function explore(initial: State, stepsFrom: (state: State) => Step[]): Exploration {
  const states = new Map<string, Reached>();
  const queue: [State, Reached["cameBy"]][] = [[initial, null]];
  const seen = new Set([keyOf(initial)]);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [state, cameBy] = next;
    const key = keyOf(state);
    const steps = stepsFrom(state);
    states.set(key, { state, steps, cameBy });
    if (states.size > STATES_MAX) throw new Error("the model is not as small as it should be");
    for (const { action, state: after } of steps) {
      if (seen.has(keyOf(after))) continue;
      seen.add(keyOf(after));
      queue.push([after, { fromKey: key, action }]);
    }
  }
  return { states };
}

/** The actions of a shortest trace to a state. */
export function traceTo({ states }: Exploration, state: State): string[] {
  const actions: string[] = [];
  for (let reached = states.get(keyOf(state)); reached?.cameBy != null; ) {
    actions.unshift(reached.cameBy.action);
    reached = states.get(reached.cameBy.fromKey);
  }
  return actions;
}
