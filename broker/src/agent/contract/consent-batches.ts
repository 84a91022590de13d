import { createHash } from "node:crypto";
import { ledgerRefusal, type Outbox } from "@gridpact/ledger";
import { canonicalJson } from "@gridpact/settlement";

/**
 * Consents in one transaction. The ledger takes 200, but a receipt has to hold the whole block: of each consent some
 * two kilobytes, so that fifty add a hundred.
 */
export const CONSENT_BATCH_MAX = 50;

/** What a device signed, as `sc2:AcceptReductionBatch` takes it. */
export type SignedConsent = { contractId: string; signatureHex: string };

type Collected = { consent: SignedConsent; resolve: () => void; reject: (error: unknown) => void };

/**
 * Hands in consents that devices have signed, many in one transaction. One that the contract does not take, a forged
 * one among them, refuses all that came with it: those of a refused batch go on alone, each to an end of its own.
 * Who adds bounds how many wait: each is a consent that is under way.
 */
export class ConsentBatches {
  readonly #outbox: Pick<Outbox, "execute">;
  #collected: Collected[] = [];

  constructor(outbox: Pick<Outbox, "execute">) {
    this.#outbox = outbox;
  }

  /** Resolves when the consent is on the ledger; rejects with what the outbox says. Nothing goes before `handIn`. */
  add(consent: SignedConsent): Promise<void> {
    return new Promise((resolve, reject) => this.#collected.push({ consent, resolve, reject }));
  }

  /** Begins to hand in all that has come together. */
  handIn(): void {
    const collected = this.#collected;
    this.#collected = [];
    for (let first = 0; first < collected.length; first += CONSENT_BATCH_MAX) {
      void this.#submit(collected.slice(first, first + CONSENT_BATCH_MAX));
    }
  }

  async #submit(batch: readonly Collected[]): Promise<void> {
    try {
      await this.#execute(batch.map(({ consent }) => consent));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const isShared = ledgerRefusal(error) !== undefined && batch.length > 1;
      for (const each of batch) isShared ? void this.#submit([each]) : each.reject(error);
    }
  }

  /** The key follows from what is handed in: after a crash the same consents are the same act. */
  async #execute(consents: readonly SignedConsent[]): Promise<void> {
    const key = `consents/${createHash("sha256").update(canonicalJson(consents)).digest("hex")}`;
    // Lanes keep an order; consents need none.
    await this.#outbox.execute(key, "sc2:AcceptReductionBatch", { consents: [...consents] }, { lane: key });
  }
}
