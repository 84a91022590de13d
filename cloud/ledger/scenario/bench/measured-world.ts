import { CommitError, type Committed, type Ledger, type LedgerArgument } from "../../src/index.ts";
import type { ScenarioWorld } from "../world.ts";

/** What clients saw of the transactions that took effect. */
export type Measurements = { latenciesMs: number[]; conflicts: number };

/** A transaction that lost so often is not slow but stuck. */
const TRIES_MAX = 20;

/** The same world, whose clients time every transaction from proposal to commit and count what they lost to others. */
export function measured(world: ScenarioWorld): { world: ScenarioWorld; measurements: Measurements } {
  const measurements: Measurements = { latenciesMs: [], conflicts: 0 };
  const clientOf: ScenarioWorld["clientOf"] = (identity) => timed(world.clientOf(identity), measurements);
  const replaced = new Proxy(world, {
    get: (target, name) => {
      if (name === "clientOf") return clientOf;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
  return { world: replaced, measurements };
}

function timed(ledger: Ledger, measurements: Measurements): Ledger {
  const execute = async (transaction: string, argument: LedgerArgument): Promise<Committed> => {
    const startedAtMs = performance.now();
    const committed = await withoutConflicts(() => ledger.execute(transaction, argument), measurements);
    measurements.latenciesMs.push(performance.now() - startedAtMs);
    return committed;
  };
  return new Proxy(ledger, {
    get: (target, name) => {
      if (name === "execute") return execute;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}

async function withoutConflicts(act: () => Promise<Committed>, measurements: Measurements): Promise<Committed> {
  for (let tries = 1; ; tries++) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof CommitError && error.isConflict) || tries >= TRIES_MAX) throw error;
      measurements.conflicts += 1;
    }
  }
}
