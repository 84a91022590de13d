/** Terminal output of a story: lines with the time of the day that is played, and a table at the end. */
export class Screen {
  readonly #write: (text: string) => void;
  readonly #nowUnixMs: () => number;

  constructor(write: (text: string) => void, nowUnixMs: () => number) {
    this.#write = write;
    this.#nowUnixMs = nowUnixMs;
  }

  /** A line of the story. */
  tell(text: string): void {
    const time = new Date(this.#nowUnixMs()).toISOString();
    this.#write(`  ${time.slice(5, 10)} ${time.slice(11, 16)}  ${text}\n`);
  }

  heading(text: string): void {
    this.#write(`\n${text}\n`);
  }

  plain(text: string): void {
    this.#write(`${text}\n`);
  }

  /** Two columns, values to the right. */
  table(rows: readonly (readonly [string, string])[]): void {
    const left = Math.max(...rows.map(([name]) => name.length));
    const right = Math.max(...rows.map(([, value]) => value.length));
    for (const [name, value] of rows) this.#write(`  ${name.padEnd(left)}  ${value.padStart(right)}\n`);
  }
}

const MICRO_PER_CENT = 10_000n;
const WH_PER_TENTH_KWH = 100n;

/** Micro-euro as euro and cents, rounded towards zero. */
export function euro(micro: bigint): string {
  return `${decimal(micro / MICRO_PER_CENT, 2)} EUR`;
}

/** Wh as kWh with one decimal, rounded towards zero. */
export function kilowattHours(wh: bigint): string {
  return `${decimal(wh / WH_PER_TENTH_KWH, 1)} kWh`;
}

/** The sign stands alone, as division of bigints gives it to quotient and remainder both. */
function decimal(units: bigint, places: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
