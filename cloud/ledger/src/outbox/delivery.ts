import type { Log } from "@gridpact/host";
import {
  CommitError,
  type CommitStatus,
  type Committed,
  EndorseError,
  type Ledger,
  type LedgerArgument,
  LedgerError,
  type PreparedTransaction,
  type PrepareOptions,
} from "../client/index.ts";
import { OutboxError } from "./outbox-error.ts";
import type { PendingEntry } from "./outbox-record.ts";
import type { OutboxStore } from "./outbox-store.ts";
import { LATE, type Waits } from "./waits.ts";

/** What carrying out an entry needs, and what it counts. */
export type DeliveryModules = {
  ledger: Ledger;
  store: OutboxStore;
  waits: Waits;
  log: Log;
  retryDelayMs: number;
  statusWaitMs: number;
  onRetry: () => void;
};

/**
 * Times a transaction is prepared for one entry. Within a lane there is no conflict, so each is lost to somebody else;
 * ten losses in a row mean a hot key that retrying makes hotter.
 */
export const PREPARATIONS_MAX = 10;

/** Retries come at least this often: half a minute after a network is back, everybody has noticed. */
export const RETRY_DELAY_MS_MAX = 30_000;

/** An hour is longer than any answer takes on any clock, and within what a timer of the machine can count. */
const ANSWER_WAIT_MS_MAX = 3_600_000;

/**
 * Carries one entry through the ledger until it took effect:
 * ```
 * prepare -> store -> submit -> wait -> valid: done
 *    ^                  ^         |---> conflict: it never will take effect, prepare anew
 *    |                  |         '---> silence or failure: look it up; unknown: same bytes again
 * ```
 * A stored transaction is looked up before it is submitted again, and another one is prepared only when it stands in a
 * block as invalid: hence no second effect.
 * Failures are retried; only what `isFinal` calls final ends it.
 * @throws EndorseError, OutboxError OUTBOX_ENTRY_TOO_LARGE, CommitError: final. OutboxError OUTBOX_CLOSED,
 *   JournalWriteError: the entry stays pending.
 */
export async function deliver(entry: PendingEntry, modules: DeliveryModules): Promise<Committed> {
  for (let preparations = 1; ; preparations++) {
    const { prepared, status } = await attempt(entry, modules);
    const { transactionId, result } = prepared;
    if (status.isValid) return { transactionId, blockNumber: status.blockNumber, result };
    const error = new CommitError(transactionId, status);
    const canPrepare = error.isConflict && entry.argument !== null && preparations < PREPARATIONS_MAX;
    if (!canPrepare) throw error;
    entry.prepared = null;
    await backOff(preparations, error, entry, modules);
  }
}

/** Whether the error says that the entry has had no effect and will have none: its key is free again. */
export function isFinal(error: unknown): boolean {
  return (
    (error instanceof EndorseError && error.isRefusal) ||
    error instanceof CommitError ||
    (error instanceof OutboxError && error.code === "OUTBOX_ENTRY_TOO_LARGE")
  );
}

async function attempt(
  entry: PendingEntry,
  modules: DeliveryModules,
): Promise<{ prepared: PreparedTransaction; status: CommitStatus }> {
  const stored = entry.prepared;
  const prepared = stored ?? (await prepare(entry, modules));
  // What was stored in an earlier run, or came in prepared, may have been submitted: it is looked up first.
  let status = stored === null ? await submitAndWait(prepared, modules) : undefined;
  for (let failures = stored === null ? 1 : 0; status === undefined; failures++) {
    if (failures > 0) await backOff(failures, "outcome unknown", entry, modules);
    status = await retrying(entry, modules, () => modules.ledger.findTransaction(prepared.transactionId));
    status ??= await submitAndWait(prepared, modules);
  }
  return { prepared, status };
}

async function prepare(entry: PendingEntry, modules: DeliveryModules): Promise<PreparedTransaction> {
  const { key, lane, transaction } = entry;
  const argument = JSON.parse(entry.argument ?? "null") as LedgerArgument;
  const options = prepareOptionsOf(entry);
  const prepared = await retrying(entry, modules, () => modules.ledger.prepare(transaction, argument, options));
  await modules.store.prepare(key, lane, prepared);
  return prepared;
}

function prepareOptionsOf({ transient, endorsingOrganisations }: PendingEntry): PrepareOptions {
  const transientMap =
    transient && Object.fromEntries(Object.entries(transient).map(([name, text]) => [name, Buffer.from(text)]));
  return { ...(transientMap && { transientMap }), ...(endorsingOrganisations && { endorsingOrganisations }) };
}

/** Final status, or undefined when nothing certain is known. */
async function submitAndWait(
  prepared: PreparedTransaction,
  { ledger, waits, log, statusWaitMs }: DeliveryModules,
): Promise<CommitStatus | undefined> {
  const { transactionId, commitRequest } = prepared;
  try {
    if ((await waits.untilOr(statusWaitMs, () => ledger.submit(prepared))) === LATE) return undefined;
    const status = await waits.untilOr(statusWaitMs, () => ledger.commitStatus(transactionId, commitRequest));
    return status === LATE ? undefined : status;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    log.warn("outbox_outcome_unknown", { transactionId, code: error.code, message: error.message });
    return undefined;
  }
}

/**
 * The call's value, however often it takes; a final error ends it. Each try may take twice as long as the one before,
 * so that one in which nobody answers ends, and one that is slow, or on a clock that runs fast, succeeds in the end.
 */
async function retrying<T>(entry: PendingEntry, modules: DeliveryModules, call: () => Promise<T>): Promise<T> {
  const { waits, statusWaitMs } = modules;
  for (let tries = 1; ; tries++) {
    const limitMs = Math.min(ANSWER_WAIT_MS_MAX, statusWaitMs * 2 ** (tries - 1));
    try {
      const value = await waits.untilOr(limitMs, call);
      if (value !== LATE) return value;
      await backOff(tries, "no answer", entry, modules);
    } catch (error) {
      if (!(error instanceof LedgerError) || isFinal(error)) throw error;
      await backOff(tries, error, entry, modules);
    }
  }
}

/** Waits twice as long after each failure, up to the bound. */
async function backOff(
  failures: number,
  reason: unknown,
  { key }: PendingEntry,
  { waits, log, retryDelayMs, onRetry }: DeliveryModules,
): Promise<void> {
  onRetry();
  log.warn("outbox_retry", { key, failures, reason: reason instanceof Error ? reason.message : String(reason) });
  await waits.sleep(Math.min(RETRY_DELAY_MS_MAX, retryDelayMs * 2 ** (failures - 1)));
}
