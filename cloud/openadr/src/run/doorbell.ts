import { pause } from "./pause.ts";

/** Tells a loop that there is news: however often it rings before it is answered, it has rung once. */
export class Doorbell {
  #hasRung = false;
  #wake: () => void = () => undefined;

  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  /** Whether it has rung since it was answered last. */
  answer(): boolean {
    const hasRung = this.#hasRung;
    this.#hasRung = false;
    return hasRung;
  }

  /** Waits, and ends early when it rings or when the signal says so. */
  async wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (this.#hasRung) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    await pause(milliseconds, AbortSignal.any([signal, woken.signal]));
  }
}
