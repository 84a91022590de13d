/** Of day-long envelopes no more are read at once, whatever came before them. */
const RECORDS_MIN = 64;

/** Of envelopes with one reading; the engine has 4 ms to do with as many, in which it makes nothing durable. */
const RECORDS_MAX = 4_096;

/** How many records of the log to read for about so many readings; learns it from what the last records held. */
export class RecordsPerRead {
  readonly #readingsWanted: number;
  #records = RECORDS_MIN;

  constructor(readingsWanted: number) {
    this.#readingsWanted = readingsWanted;
  }

  next(): number {
    return this.#records;
  }

  /** Grows by doubling only, as what comes next may hold more. */
  learn({ records, readings }: { records: number; readings: number }): void {
    const fitting = Math.floor((this.#readingsWanted / Math.max(1, readings)) * records);
    this.#records = Math.max(RECORDS_MIN, Math.min(fitting, 2 * this.#records, RECORDS_MAX));
  }
}
