import { silentLog } from "@gridpact/host";
import { describe, expect, it } from "vitest";
import { RefusalCounter } from "./refusal-counter.ts";

describe("RefusalCounter", () => {
  it("counts all, and logs ever more rarely", () => {
    const logged: unknown[] = [];
    const log = { ...silentLog, warn: (event: string, fields?: object) => logged.push({ event, ...fields }) };
    const refusals = new RefusalCounter<"will" | "retain">("session_refused", log);
    for (let count = 0; count < 1_000; count++) refusals.count("will", { deviceId: `meter-${count}` });
    refusals.count("retain");
    expect(refusals.counts()).toEqual({ will: 1_000, retain: 1 });
    expect(logged.length).toBe(11);
    expect(logged.slice(0, 3)).toEqual([
      { event: "session_refused", deviceId: "meter-0", reason: "will", count: 1 },
      { event: "session_refused", deviceId: "meter-1", reason: "will", count: 2 },
      { event: "session_refused", deviceId: "meter-3", reason: "will", count: 4 },
    ]);
  });
});
