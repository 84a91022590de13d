/** Runs acts one after the other, in the order of the calls; one that fails does not hold up the next. */
export class OneAtATime {
  #turn: Promise<unknown> = Promise.resolve();

  run<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
}
