import { describe, expect, it } from "vitest";
import type { EventDocument, EventPhase } from "../document/index.ts";
import { evidenceNeededSinceUnixMs } from "./evidence-needed.ts";

const MTU_MS = 900_000;
const DAY_MS = 86_400_000;
const START_UNIX_MS = Date.UTC(2016, 5, 1, 17);

function event(phase: EventPhase, startUnixMs = START_UNIX_MS, plannedAtUnixMs = startUnixMs - DAY_MS): EventDocument {
  const intervals = [{ startUnixMs, endUnixMs: startUnixMs + MTU_MS }];
  return { phase, plannedAtUnixMs, request: { intervals } } as EventDocument;
}

const neededSince = (...events: EventDocument[]) => evidenceNeededSinceUnixMs(events, MTU_MS);

describe("readings that may still have to be proven", () => {
  it("reach back to the days behind the baseline of an event under way", () => {
    for (const phase of ["planned", "responded", "running", "settling", "settled"] as const) {
      expect(neededSince(event(phase))).toBe(START_UNIX_MS - 28 * DAY_MS);
    }
  });

  it("reach back to the units before the plan, if that was made long before", () => {
    const plannedAtUnixMs = START_UNIX_MS - 40 * DAY_MS;
    expect(neededSince(event("settling", START_UNIX_MS, plannedAtUnixMs))).toBe(plannedAtUnixMs - 5 * MTU_MS);
  });

  it("are those of the event that reaches back the most", () => {
    const later = event("running", START_UNIX_MS + DAY_MS);
    expect(neededSince(later, event("settling"), later)).toBe(START_UNIX_MS - 28 * DAY_MS);
  });

  it("are none once every event is finished", () => {
    const finished = (["completed", "refused", "abandoned"] as const).map((phase) => event(phase));
    expect(neededSince(...finished)).toBe(Number.POSITIVE_INFINITY);
    expect(neededSince()).toBe(Number.POSITIVE_INFINITY);
  });
});
