import { CHAINCODE_EVENT, contractInstants, readResult } from "@gridpact/contracts";
import { type Clock, type Disk, type Log, sleep } from "@gridpact/host";
import type { Ledger, LedgerEvent } from "../client/index.ts";
import { LedgerActs, type Outbox } from "../outbox/index.ts";

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

/** A lost stream of events, or a full book, is looked at again after this; no deadline is decided by seconds. */
const LOOK_AGAIN_AFTER_MS = 5_000;

const CURSOR_PATH = "timekeeper.json";

/** Attestations are of no order, and must not stand behind other acts of the organisation. */
const LANE = "time";

/**
 * Says, for its organisation, that instants have passed: those that decide about contracts it sees set up on the
 * channel. It has an opinion of nothing but its own clock, so two organisations that run one each, one of them neutral,
 * are all that deadlines need.
 */
export class Timekeeper {
  readonly #modules: TimekeeperModules;
  readonly #acts: LedgerActs;
  /** Block in which each instant was first asked for. */
  readonly #waiting = new Map<number, number>();
  #nextBlock: number;
  #savedBlock: number;
  #attested = 0;
  #isClosed = false;

  private constructor(modules: TimekeeperModules, nextBlock: number) {
    this.#modules = modules;
    this.#acts = new LedgerActs(modules.outbox, modules.log);
    this.#nextBlock = nextBlock;
    this.#savedBlock = nextBlock;
  }

  /** Reads on where the last run had attested everything. */
  static async open(modules: TimekeeperModules): Promise<Timekeeper> {
    const bytes = await modules.disk.read(CURSOR_PATH);
    const saved = bytes && (JSON.parse(Buffer.from(bytes).toString()) as { nextBlock: number });
    const timekeeper = new Timekeeper(modules, saved?.nextBlock ?? 0);
    void timekeeper.#follow();
    return timekeeper;
  }

  /** Attests what has passed by the clock. An attestation is repeated until the ledger has it. */
  async tick(): Promise<void> {
    const nowUnixMs = this.#modules.clock.nowUnixMs();
    for (const instantUnixMs of [...this.#waiting.keys()].filter((each) => each <= nowUnixMs)) {
      const act = this.#acts.perform(
        `attest/${instantUnixMs}`,
        "time:AttestInstant",
        { instantUnixMs },
        { lane: LANE },
      );
      if (act.status === "pending") continue;
      this.#waiting.delete(instantUnixMs);
      if (act.status === "committed") this.#attested += 1;
    }
    await this.#saveCursor();
  }

  /** Instants that wait to pass, and those attested since the start. */
  counts(): { waiting: number; attested: number } {
    return { waiting: this.#waiting.size, attested: this.#attested };
  }

  /** Reads no further events. The stream that is open ends with the process's connection. */
  close(): void {
    this.#isClosed = true;
  }

  async #follow(): Promise<void> {
    const { ledger, clock, log } = this.#modules;
    while (!this.#isClosed) {
      try {
        for await (const event of ledger.events(this.#nextBlock)) {
          if (this.#isClosed) return;
          await this.#note(event);
        }
      } catch (error) {
        log.warn("timekeeper_lost_events", { reason: String(error) });
      }
      await sleep(clock, LOOK_AGAIN_AFTER_MS);
    }
  }

  async #note({ name, payload, blockNumber }: LedgerEvent): Promise<void> {
    if (name === CHAINCODE_EVENT.SC1_PROPOSED) {
      while (this.#waiting.size >= INSTANTS_WAITING_MAX) await sleep(this.#modules.clock, LOOK_AGAIN_AFTER_MS);
      const { contractId } = payload as { contractId: string };
      for (const instantUnixMs of await this.#instantsOf(contractId)) {
        if (!this.#waiting.has(instantUnixMs)) this.#waiting.set(instantUnixMs, blockNumber);
      }
    }
    // A block has more than one event, so one that was seen is read again; nothing is attested twice by that.
    this.#nextBlock = blockNumber;
  }

  async #instantsOf(contractId: string): Promise<number[]> {
    const view = await this.#modules.ledger.evaluate("sc1:GetContract", { contractId });
    return contractInstants(readResult("sc1:GetContract", view as Parameters<typeof readResult>[1]).contract);
  }

  async #saveCursor(): Promise<void> {
    const nextBlock = Math.min(this.#nextBlock, ...this.#waiting.values());
    if (nextBlock === this.#savedBlock) return;
    await this.#modules.disk.replace(CURSOR_PATH, Buffer.from(JSON.stringify({ nextBlock })));
    this.#savedBlock = nextBlock;
  }
}
