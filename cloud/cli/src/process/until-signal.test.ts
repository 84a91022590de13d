import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { untilSignal } from "./until-signal.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

let before: Map<string, unknown[]>;

beforeEach(() => {
  before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]));
});

afterEach(() => {
  vi.restoreAllMocks();
  for (const signal of SIGNALS) {
    for (const listener of process.listeners(signal)) {
      if (before.get(signal)?.includes(listener) !== true) process.off(signal, listener);
    }
  }
});

test.each(SIGNALS)("the first %s asks to end, and ends nothing by itself", async (signal) => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const asked = untilSignal();
  process.emit(signal);
  expect(await asked).toBe(signal);
  expect(exit).not.toHaveBeenCalled();
});

test("a second signal, of either kind, ends the process at once", async () => {
  const exit = vi.spyOn(process, "exit").mockImplementation(() => undefined as never);
  const asked = untilSignal();
  process.emit("SIGTERM");
  process.emit("SIGINT");
  expect(await asked).toBe("SIGTERM");
  expect(exit).toHaveBeenCalledExactlyOnceWith(130);
});
