import type { Log } from "@gridpact/host";
import type { LedgerArgument } from "../client/index.ts";
import { ledgerRefusal } from "./ledger-refusal.ts";
import type { EnqueueOptions, Outbox } from "./outbox.ts";

/** Where a ledger act stands. */
export type ActState =
  | { status: "pending" }
  | { status: "committed" }
  /** Somebody on the ledger's side said no, and would again. */
  | { status: "refused"; refusal: string };

/**
 * Ledger acts for a loop that must not wait: an act is begun by the first call and looked at by the later ones. Nothing
 * here needs to survive a crash, because the outbox answers a known key with what became of it.
 */
export class LedgerActs {
  readonly #outbox: Pick<Outbox, "execute">;
  readonly #log: Log;
  readonly #underWay = new Map<string, ActState>();

  constructor(outbox: Pick<Outbox, "execute">, log: Log) {
    this.#outbox = outbox;
    this.#log = log;
  }

  /** The caller MUST write down a final state before it drops the key; it is then no longer kept here. */
  perform(key: string, transaction: string, argument: LedgerArgument, options: EnqueueOptions = {}): ActState {
    const known = this.#underWay.get(key);
    if (known === undefined) {
      this.#underWay.set(key, { status: "pending" });
      void this.#execute(key, transaction, argument, options);
      return { status: "pending" };
    }
    if (known.status !== "pending") this.#underWay.delete(key);
    return known;
  }

  async #execute(key: string, transaction: string, argument: LedgerArgument, options: EnqueueOptions): Promise<void> {
    try {
      await this.#outbox.execute(key, transaction, argument, options);
      this.#underWay.set(key, { status: "committed" });
    } catch (error) {
      const refusal = ledgerRefusal(error);
      this.#log.warn("ledger_act_failed", { key, transaction, refusal, reason: String(error) });
      // Whatever may pass is forgotten here, so that the next tick asks the outbox again.
      if (refusal === undefined) this.#underWay.delete(key);
      else this.#underWay.set(key, { status: "refused", refusal });
    }
  }
}
