import type { Log, LogFields } from "@gridpact/host";

/**
 * Counts refusals by reason. Each one is counted, but only the 1st, 2nd, 4th, 8th and so on of a reason is logged:
 * whoever can be refused can be refused a million times, and must not fill the disk with it.
 */
export class RefusalCounter<Reason extends string> {
  readonly #event: string;
  readonly #log: Log;
  readonly #counts = new Map<Reason, number>();

  constructor(event: string, log: Log) {
    this.#event = event;
    this.#log = log;
  }

  count(reason: Reason, fields: LogFields = {}): void {
    const count = (this.#counts.get(reason) ?? 0) + 1;
    this.#counts.set(reason, count);
    if (Number.isInteger(Math.log2(count))) this.#log.warn(this.#event, { ...fields, reason, count });
  }

  /** Refusals since the start; reasons that never occurred are left out. */
  counts(): Partial<Record<Reason, number>> {
    return Object.fromEntries(this.#counts) as Partial<Record<Reason, number>>;
  }
}
