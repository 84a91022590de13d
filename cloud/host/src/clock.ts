/** A callback that has been asked for; cancelling one that has run does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time as a parameter. Instants are milliseconds since 1970-01-01T00:00:00Z, integers. */
export interface Clock {
  nowUnixMs(): number;
  /** Calls back once, `delayMs` of this clock's time from now (0 and less: as soon as possible). */
  after(delayMs: number, callback: () => void): Timer;
}

/** The machine's own clock. */
export function wallClock(): Clock {
  return acceleratedClock({ realStartUnixMs: 0, startUnixMs: 0, speed: 1 });
}

/**
 * A clock that shows `startUnixMs` when the machine's clock shows `realStartUnixMs` and runs `speed` times as fast.
 * Processes that are given the same three numbers agree on the time.
 */
export function acceleratedClock(options: { realStartUnixMs: number; startUnixMs: number; speed: number }): Clock {
  const { realStartUnixMs, startUnixMs, speed } = options;
  return {
    nowUnixMs: () => Math.floor(startUnixMs + (Date.now() - realStartUnixMs) * speed),
    after(delayMs, callback) {
      const handle = setTimeout(callback, Math.max(0, Math.ceil(delayMs / speed)));
      return { cancel: () => clearTimeout(handle) };
    },
  };
}

/** Resolves after `delayMs` of the clock's time. */
export function sleep(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(delayMs, resolve);
  });
}

/**
 * Runs `task` again and again, `periodMs` after it ended, until cancelled. A task that throws ends the repetition
 * through `onError`, which decides whether to go on (returns true) or not.
 */
export function repeat(options: {
  clock: Clock;
  periodMs: number;
  task: () => Promise<void>;
  onError: (error: unknown) => boolean;
}): Timer {
  const { clock, periodMs, task, onError } = options;
  let isCancelled = false;
  let timer: Timer = { cancel: () => undefined };
  const schedule = () => {
    if (!isCancelled) timer = clock.after(periodMs, () => void run());
  };
  const run = async () => {
    try {
      await task();
    } catch (error) {
      if (!onError(error)) return;
    }
    schedule();
  };
  schedule();
  return {
    cancel() {
      isCancelled = true;
      timer.cancel();
    },
  };
}
