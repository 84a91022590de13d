/** Both at least 1; whole numbers keep the count exact. */
export type TokenBucketOptions = {
  /** Tokens that gather while nothing is taken. */
  burst: number;
  perSecond: number;
};

/** A token in the unit that is kept: thousandths are whole numbers for every whole rate and millisecond. */
const TOKEN = 1_000;

/** Allows `perSecond` takes in the mean and `burst` at once. */
export class TokenBucket {
  #options: TokenBucketOptions;
  #thousandths: number;
  #filledAtUnixMs: number;

  constructor(options: TokenBucketOptions, nowUnixMs: number) {
    this.#options = options;
    this.#thousandths = options.burst * TOKEN;
    this.#filledAtUnixMs = nowUnixMs;
  }

  /** Goes on with other limits; what has gathered beyond them is lost. */
  limit(options: TokenBucketOptions): void {
    this.#options = options;
    this.#thousandths = Math.min(this.#thousandths, options.burst * TOKEN);
  }

  /** Takes one token and returns 0, or returns how many ms to wait before asking again. */
  take(nowUnixMs: number): number {
    const { burst, perSecond } = this.#options;
    // A clock that was set back must not take tokens away.
    const elapsedMs = Math.max(0, nowUnixMs - this.#filledAtUnixMs);
    this.#thousandths = Math.min(burst * TOKEN, this.#thousandths + elapsedMs * perSecond);
    this.#filledAtUnixMs = nowUnixMs;
    if (this.#thousandths < TOKEN) return Math.ceil((TOKEN - this.#thousandths) / perSecond);
    this.#thousandths -= TOKEN;
    return 0;
  }
}
