import { createHash } from "node:crypto";
import type { OutboxKey, OutboxSnapshot, ProvenBlock, ProvenTransaction } from "@gridpact/ledger";
import type { Discrepancy, PendingOnLedger, Reconciliation } from "@gridpact/ledger/receipts";
import { canonicalJson } from "@gridpact/settlement";

/** Of the parties that have one, by the name of their directory: `aggregator`, `vn-ID`. */
export type Outboxes = ReadonlyMap<string, OutboxSnapshot>;

/** Listed of each kind: more have one cause, and nobody reads them. */
export const LISTED_MAX = 1_000;

/**
 * Transactions kept that no outbox knew before the ledger was read: what parties did meanwhile, which the second
 * reading explains. A ledger makes some hundred a second, so an audit of minutes stays below; what comes beyond it is
 * called unknown at once.
 */
export const UNEXPLAINED_MAX = 65_536;

/** Where money stands on the ledger; a write to any of them moves some. */
const MONEY_COLLECTIONS: readonly string[] = ["account", "credit", "entry", "reserve", "supply"];

/** What is kept of a valid transaction that an outbox names. */
type OnLedger = { blockNumber: number; contentHashHex: string; resultJson: string };

type Unexplained = { party: string; transactionId: string; name: string; blockNumber: number };

/**
 * Compares outboxes with the ledger while both go on:
 * ```
 * outboxes read -> ledger read -> outboxes read again
 *    '- what is finished here        '- knows all that is on the ledger, as it is written down before it is submitted
 *       is on the ledger
 * ```
 * Memory grows with what outboxes know, not with the ledger.
 */
export class Reconciler {
  readonly #before: Outboxes;
  readonly #known: ReadonlySet<string>;
  readonly #onLedger = new Map<string, OnLedger>();
  readonly #unexplained: Unexplained[] = [];
  readonly #discrepancies: Discrepancy[] = [];
  readonly #pending: PendingOnLedger[] = [];
  readonly #counts = {
    matched: 0,
    refused: 0,
    pendingTotal: 0,
    moneyMatched: 0,
    moneyForgotten: 0,
    moneyNotCompared: 0,
    discrepanciesTotal: 0,
  };

  constructor(before: Outboxes) {
    this.#before = before;
    this.#known = transactionIdsOf(before);
  }

  /** Takes the ledger's next block. */
  add({ number, transactions }: ProvenBlock): void {
    for (const transaction of transactions.values()) {
      const isKnown = this.#known.has(transaction.transactionId);
      if (isKnown) this.#onLedger.set(transaction.transactionId, onLedger(transaction, number));
      if (movesMoney(transaction)) this.#countMoney(transaction, { isKnown, blockNumber: number });
    }
  }

  /** Ends the comparison, with the outboxes as they are after the ledger was read. */
  finish(after: Outboxes): Reconciliation {
    this.#explain(after);
    for (const [party, { keys }] of this.#before) {
      for (const key of keys.values()) this.#compare(party, key, after.get(party)?.keys.get(key.key));
    }
    this.#findSharedTransactions();
    const listed = { discrepancies: this.#discrepancies, pending: this.#pending };
    return { ok: this.#counts.discrepanciesTotal === 0, outboxes: this.#before.size, ...this.#counts, ...listed };
  }

  #countMoney(transaction: ProvenTransaction, at: { isKnown: boolean; blockNumber: number }): void {
    const party = partyOf(transaction);
    if (party === undefined) return;
    const { isKnown, blockNumber } = at;
    const outbox = this.#before.get(party);
    if (isKnown) this.#counts.moneyMatched += 1;
    else if (outbox === undefined) this.#counts.moneyNotCompared += 1;
    else if (blockNumber <= (outbox.forgottenToBlock ?? -1)) this.#counts.moneyForgotten += 1;
    else this.#keepUnexplained({ ...transaction, party, blockNumber });
  }

  #keepUnexplained({ party, transactionId, name, blockNumber }: Unexplained): void {
    const unexplained = { party, transactionId, name, blockNumber };
    if (this.#unexplained.length < UNEXPLAINED_MAX) this.#unexplained.push(unexplained);
    else this.#addUnknown(unexplained);
  }

  /** What came to the ledger after the first reading of the outboxes is in the second. */
  #explain(after: Outboxes): void {
    const known = transactionIdsOf(after);
    for (const each of this.#unexplained) {
      if (known.has(each.transactionId)) this.#counts.moneyMatched += 1;
      else this.#addUnknown(each);
    }
  }

  #addUnknown({ party, transactionId, name, blockNumber }: Unexplained): void {
    const found = `${name} moved money in block ${blockNumber}`;
    this.#add({ party, key: null, transactionId, expected: "a key of its outbox to stand for it", found });
  }

  #compare(party: string, before: OutboxKey, after: OutboxKey | undefined): void {
    const { key, status } = before;
    const valid = [...before.transactionIds].filter((id) => this.#onLedger.has(id));
    for (const transactionId of valid.slice(1)) {
      this.#add({ party, key, transactionId, expected: "one effect", found: `${valid.length} valid transactions` });
    }
    if (status === "finished") this.#compareFinished(party, before);
    else if (status === "dropped") this.#compareDropped(party, key, valid);
    else if (after === undefined || after.status === "pending") this.#addPending(party, key, valid);
  }

  #compareFinished(party: string, { key, finished }: OutboxKey): void {
    const totalBefore = this.#counts.discrepanciesTotal;
    for (const entry of finished) {
      const { transactionId } = entry;
      const differences = differencesBetween(entry, this.#onLedger.get(transactionId));
      for (const difference of differences) this.#add({ party, key, transactionId, ...difference });
    }
    if (this.#counts.discrepanciesTotal === totalBefore) this.#counts.matched += 1;
  }

  #compareDropped(party: string, key: string, valid: readonly string[]): void {
    const [transactionId] = valid;
    if (transactionId === undefined) this.#counts.refused += 1;
    else this.#add({ party, key, transactionId, expected: "no effect, as it was refused", found: "valid" });
  }

  #addPending(party: string, key: string, [transactionId = ""]: readonly string[]): void {
    this.#counts.pendingTotal += 1;
    if (this.#pending.length === LISTED_MAX) return;
    this.#pending.push({ party, key, validInBlock: this.#onLedger.get(transactionId)?.blockNumber ?? null });
  }

  /** One transaction that two keys claim was one effect for two acts. */
  #findSharedTransactions(): void {
    const claims = new Map<string, string>();
    for (const [party, { keys }] of this.#before) {
      for (const { key, transactionIds } of keys.values()) {
        for (const transactionId of transactionIds) {
          const first = claims.get(transactionId);
          const expected = "a transaction of its own";
          if (first !== undefined) this.#add({ party, key, transactionId, expected, found: `that of ${first}` });
          claims.set(transactionId, `${party} ${key}`);
        }
      }
    }
  }

  #add(discrepancy: Discrepancy): void {
    this.#counts.discrepanciesTotal += 1;
    if (this.#discrepancies.length < LISTED_MAX) this.#discrepancies.push(discrepancy);
  }
}

function transactionIdsOf(outboxes: Outboxes): Set<string> {
  const ids = new Set<string>();
  for (const { keys } of outboxes.values()) {
    for (const { transactionIds } of keys.values()) for (const id of transactionIds) ids.add(id);
  }
  return ids;
}

function onLedger({ name, argument, result }: ProvenTransaction, blockNumber: number): OnLedger {
  // As the outbox hashes it: SHA-256 of transaction and argument, a line each.
  const contentHashHex = createHash("sha256").update(`${name}\n${argument}`).digest("hex");
  return { blockNumber, contentHashHex, resultJson: result === "" ? "null" : canonicalJson(JSON.parse(result)) };
}

type Difference = Pick<Discrepancy, "expected" | "found">;

function differencesBetween(
  { blockNumber, contentHashHex, result }: OutboxKey["finished"][number],
  at: OnLedger | undefined,
): Difference[] {
  if (at === undefined)
    return [{ expected: `a valid transaction in block ${blockNumber}`, found: "none on the ledger" }];
  const compared = [
    { expected: `block ${blockNumber}`, found: `block ${at.blockNumber}` },
    // Of what came in prepared, the outbox knows no content.
    { expected: `content ${contentHashHex ?? at.contentHashHex}`, found: `content ${at.contentHashHex}` },
    { expected: `result ${canonicalJson(result)}`, found: `result ${at.resultJson}` },
  ];
  return compared.filter(({ expected, found }) => expected !== found);
}

function movesMoney({ writes }: ProvenTransaction): boolean {
  return [...writes.keys()].some((key) => MONEY_COLLECTIONS.includes(key.split("/", 1)[0] ?? ""));
}

/** Whose outbox a transaction has to come from; undefined for everybody who has no need of one. */
function partyOf({ creatorAttributes }: Pick<ProvenTransaction, "creatorAttributes">): string | undefined {
  const { role, vnId } = creatorAttributes as { role?: string; vnId?: string };
  if (role === "aggregator") return "aggregator";
  return role === "vn" ? `vn-${vnId}` : undefined;
}
