import { CHAINCODE_EVENT, contractInstants, readResult } from "@gridpact/contracts";
import type { Clock, Disk, Log } from "@gridpact/host";
import type { Ledger, LedgerEvent } from "../client/index.ts";
import { EventFollower } from "../follower/index.ts";
import { LedgerActs, type Outbox } from "../outbox/index.ts";

/** `clock` is what is attested: the market's, which all parties share. */
export type TimekeeperModules = {
  clock: Clock;
  /** Keeps from which block on events have to be read again after a restart. */
  disk: Disk;
  ledger: Pick<Ledger, "evaluate" | "events">;
  outbox: Pick<Outbox, "execute">;
  log: Log;
};

/**
 * Instants that wait to pass. A contract has a dozen at most, so this is a thousand running contracts; beyond it no
 * further events are read until some have passed, and the ledger keeps them meanwhile.
 */
export const INSTANTS_WAITING_MAX = 12_000;

const CURSOR_PATH = "timekeeper.json";

/** Attestations are of no order, and must not stand behind other acts of the organisation. */
const LANE = "time";

/**
 * Says, for its organisation, that instants have passed: those that decide about contracts it sees set up on the
 * channel. It has an opinion of nothing but its own clock, so two organisations that run one each, one of them neutral,
 * are all that deadlines need.
 */
export class Timekeeper {
  readonly #clock: Clock;
  readonly #acts: LedgerActs;
  readonly #instants: EventFollower<number>;
  #attested = 0;

  private constructor({ clock, outbox, log }: TimekeeperModules, instants: EventFollower<number>) {
    this.#clock = clock;
    this.#acts = new LedgerActs(outbox, log);
    this.#instants = instants;
  }

  /** Reads on where the last run had attested everything. */
  static async open(modules: TimekeeperModules): Promise<Timekeeper> {
    const keysOf = (event: LedgerEvent) => instantsIn(event, modules.ledger);
    const options = { cursorPath: CURSOR_PATH, waitingMax: INSTANTS_WAITING_MAX, keysOf };
    return new Timekeeper(modules, await EventFollower.open(options, modules));
  }

  /** Attests what has passed by the clock. An attestation is repeated until the ledger has it. */
  async tick(): Promise<void> {
    const nowUnixMs = this.#clock.nowUnixMs();
    for (const instantUnixMs of this.#instants.waiting().filter((each) => each <= nowUnixMs)) {
      const act = this.#acts.perform(
        `attest/${instantUnixMs}`,
        "time:AttestInstant",
        { instantUnixMs },
        { lane: LANE },
      );
      if (act.status === "pending") continue;
      this.#instants.done(instantUnixMs);
      if (act.status === "committed") this.#attested += 1;
    }
    await this.#instants.save();
  }

  /** Instants that wait to pass, and those attested since the start. */
  counts(): { waiting: number; attested: number } {
    return { waiting: this.#instants.waiting().length, attested: this.#attested };
  }

  /** Reads no further events. The stream that is open ends with the process's connection. */
  close(): void {
    this.#instants.close();
  }
}

/** Those that decide about a contract that an event tells of. */
async function instantsIn({ name, payload }: LedgerEvent, ledger: Pick<Ledger, "evaluate">): Promise<number[]> {
  if (name !== CHAINCODE_EVENT.SC1_PROPOSED) return [];
  const { contractId } = payload as { contractId: string };
  const view = await ledger.evaluate("sc1:GetContract", { contractId });
  return contractInstants(readResult("sc1:GetContract", view as Parameters<typeof readResult>[1]).contract);
}
