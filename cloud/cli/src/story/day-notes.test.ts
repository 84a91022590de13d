import type { PlacedRequest } from "@gridpact/aggregator";
import { describe, expect, it } from "vitest";
import { dayNotes, tooSlow } from "./day-notes.ts";
import type { DaySummary } from "./summary.ts";
import { unservedRequests } from "./unserved.ts";

const CONTRACTS = [{ vnId: "district" }] as DaySummary["contracts"];
const WELL = { restarts: { count: 0, areReadingsKnown: true }, unserved: [], contracts: CONTRACTS };

const asked = (vnId: string, state: PlacedRequest["state"], reason = "") =>
  ({
    request: { vnId },
    role: "primary",
    state,
    response: reason === "" ? null : { isAccepted: false, reason },
  }) as unknown as PlacedRequest;

describe("the notes on a day", () => {
  it("are none when it went well", () => {
    expect(dayNotes(WELL, 300)).toEqual([]);
  });

  it("say that devices were started again, over what readings are counted, and what to do", () => {
    const notes = dayNotes({ ...WELL, restarts: { count: 1, areReadingsKnown: true } }, 300);
    expect(notes[0]).toMatch(/^The devices were started once more, .*; readings are counted over all starts\.$/);
    expect(notes.at(-1)).toBe(tooSlow(300));
    expect(dayNotes({ ...WELL, restarts: { count: 2, areReadingsKnown: true } }, 300)[0]).toContain("2 more times");
  });

  it("say what is not compared when devices had to be killed", () => {
    const notes = dayNotes({ ...WELL, restarts: { count: 1, areReadingsKnown: false } }, 300).join("\n");
    expect(notes).toContain("what was acknowledged before is not known");
    expect(notes).toContain("of the last start alone");
  });

  it("say who has no contract and why, that nothing came of the event, and what to do", () => {
    const requests = [asked("district", "expired"), asked("offices", "failed", "words of its own")];
    const notes = dayNotes({ ...WELL, unserved: unservedRequests({ requests }), contracts: [] }, 300);
    expect(notes).toEqual([
      "district (primary) did not answer in time, so it has no contract.",
      "offices (primary) accepted, but its contract did not come about (words of its own).",
      "Nobody had a contract for the event: nothing was ordered, delivered or paid.",
      tooSlow(300),
    ]);
  });

  it("blame no machine for a refusal", () => {
    const requests = [asked("district", "refused", "nothing to reduce"), asked("offices", "completed")];
    expect(dayNotes({ ...WELL, unserved: unservedRequests({ requests }) }, 300)).toEqual([
      "district (primary) refused (nothing to reduce).",
    ]);
  });
});

describe("the advice to a machine that is too slow", () => {
  it("names a slower day as long as there is one", () => {
    expect(tooSlow(300)).toContain("--speed 60");
    expect(tooSlow(3)).toContain("--speed 1.");
    expect(tooSlow(1)).not.toContain("--speed");
  });
});
