import type { Clock } from "@gridpact/host";
import { OutboxError } from "./outbox-error.ts";

/** What a wait with a limit gives when the limit passes first. */
export const LATE = Symbol("late");

/** Waits that all end when the outbox does. What was waited for goes on by itself; its outcome is then nobody's. */
export class Waits {
  readonly #clock: Clock;
  readonly #ends = new Set<() => void>();
  #isOver = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The outcome of the work, which is not even begun after the end.
   * @throws OutboxError OUTBOX_CLOSED when ended; else what the work throws
   */
  until<T>(work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => this.#wait({ work, resolve, reject }));
  }

  /** As `until`, for so long at most. */
  untilOr<T>(limitMs: number, work: () => Promise<T>): Promise<T | typeof LATE> {
    return new Promise((resolve, reject) => this.#wait<T | typeof LATE>({ work, resolve, reject, limitMs }));
  }

  /** @throws OutboxError OUTBOX_CLOSED when ended */
  async sleep(delayMs: number): Promise<void> {
    await this.untilOr(delayMs, () => new Promise<never>(() => undefined));
  }

  end(): void {
    this.#isOver = true;
    for (const end of [...this.#ends]) end();
  }

  // Not Promise.race: for each wait it would leave a reaction behind on the one promise of the end.
  #wait<T>({ work, resolve, reject, limitMs }: Wait<T>): void {
    const closed = () => reject(new OutboxError("OUTBOX_CLOSED"));
    if (this.#isOver) {
      closed();
      return;
    }
    const settle = (act: () => void) => {
      this.#ends.delete(end);
      timer?.cancel();
      act();
    };
    const end = () => settle(closed);
    const timer =
      limitMs === undefined ? undefined : this.#clock.after(limitMs, () => settle(() => resolve(LATE as T)));
    this.#ends.add(end);
    work().then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  }
}

type Wait<T> = {
  work: () => Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
  limitMs?: number;
};
