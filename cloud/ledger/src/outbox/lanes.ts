/** Work in lanes: within one, a task starts when the one before has ended; lanes know nothing of each other. */
export class Lanes {
  readonly #ends = new Map<string, Promise<void>>();

  /** The task MUST NOT reject. */
  add(lane: string, task: () => Promise<void>): void {
    const before = this.#ends.get(lane);
    const end = (before === undefined ? task() : before.then(task)).then(() => {
      if (this.#ends.get(lane) === end) this.#ends.delete(lane);
    });
    this.#ends.set(lane, end);
  }

  /** Resolves when every task that was added before has ended. */
  async idle(): Promise<void> {
    await Promise.all(this.#ends.values());
  }
}
