/** Lets one task through at a time, in order of arrival. A task that fails does not hold up the next. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.then(ignore, ignore);
    return result;
  }
}

/** The outcome belongs to whoever asked; the next task only waits for it. */
function ignore(): void {}
