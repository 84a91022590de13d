import { describe, expect, it } from "vitest";
import { beliefOf } from "./beta-counts.ts";
import { callShares, SURCHARGE_PER_MILLE_MAX, turnSurchargePerMille } from "./call-shares.ts";
import {
  availabilityPerMille,
  type EventOutcome,
  learnOutcome,
  learnRebound,
  newProsumer,
  type ProsumerState,
  TRACES_MAX,
} from "./prosumer-state.ts";

function outcome(eventId: string, changes: Partial<EventOutcome> = {}): EventOutcome {
  const time = { startUnixMs: 0, endUnixMs: 3_600_000 };
  const amounts = { offeredWh: 200, orderedWh: 100, deliveredWh: 100, earnedMicro: 7 };
  return { eventId, ...time, ...amounts, hasSigned: true, responseLagMs: 60_000, ...changes };
}

function after(...outcomes: EventOutcome[]): ProsumerState {
  return outcomes.reduce(learnOutcome, newProsumer("a", 900));
}

describe("what an agent state learns from an event", () => {
  it("moves the belief about deliveries, and what the matching policy is told", () => {
    const fresh = newProsumer("a", 900);
    const failed = after(outcome("e1", { deliveredWh: 0 }));
    expect(beliefOf(failed.reliability).mean).toBeLessThan(beliefOf(fresh.reliability).mean - 0.1);
    expect(failed.memory).toMatchObject({ eventCount: 1, meanRate: 0 });
    expect(beliefOf(after(outcome("e1")).reliability).mean).toBeGreaterThan(beliefOf(fresh.reliability).mean);
  });

  it("is learned once", () => {
    const once = after(outcome("e1"));
    expect(learnOutcome(once, outcome("e1", { deliveredWh: 0 }))).toBe(once);
  });

  it("of one that was not called is that it offered, and nothing about its deliveries", () => {
    const passed = after(outcome("e1", { orderedWh: 0, deliveredWh: 0, hasSigned: null, responseLagMs: null }));
    const fresh = newProsumer("a", 900);
    expect(passed).toEqual({ ...fresh, traces: passed.traces });
    expect(passed.traces).toMatchObject([{ eventId: "e1", offeredWh: 200, orderedWh: 0 }]);
  });

  it("that did not sign lowers its availability, not its reliability", () => {
    const declined = after(outcome("e1", { hasSigned: false, deliveredWh: 0, responseLagMs: null }));
    expect(declined.reliability).toEqual(newProsumer("a", 0).reliability);
    expect(availabilityPerMille(newProsumer("a", 0), 12)).toBe(1_000);
    expect(availabilityPerMille(declined, 12)).toBeLessThan(800);
    expect(availabilityPerMille(learnOutcome(declined, outcome("e2")), 12)).toBeGreaterThan(
      availabilityPerMille(declined, 12),
    );
  });

  it("keeps as many traces as it may, newest last", () => {
    const many = Array.from({ length: TRACES_MAX + 1 }, (_, index) => outcome(`e${index}`));
    const { traces } = after(...many);
    expect(traces).toHaveLength(TRACES_MAX);
    expect([traces[0]?.eventId, traces.at(-1)?.eventId]).toEqual(["e1", `e${TRACES_MAX}`]);
  });

  it("draws response lag and rebound away from what was assumed, the more the more is seen", () => {
    const [one, two] = [after(outcome("e1")), after(outcome("e1"), outcome("e2"))];
    expect([one.responseLagMs.value, two.responseLagMs.value]).toEqual([20_000, 30_000]);
    const rebounded = learnRebound(one, "e1", 300);
    expect(rebounded.reboundPerMille).toEqual({ value: 700, count: 1 });
    expect(rebounded.traces[0]?.reboundPerMille).toBe(300);
  });

  it("takes the rebound of an event once, within bounds, and of no event that it does not know", () => {
    const once = learnRebound(after(outcome("e1")), "e1", 99_000);
    expect(once.traces[0]?.reboundPerMille).toBe(2_000);
    expect(learnRebound(once, "e1", 0)).toBe(once);
    expect(learnRebound(once, "e9", 0)).toBe(once);
    expect(learnRebound(after(outcome("e1")), "e1", -50).traces[0]?.reboundPerMille).toBe(0);
  });
});

describe("shares of calls", () => {
  const states = [
    after(outcome("e1", { orderedWh: 150 })),
    { ...after(outcome("e1", { orderedWh: 50 })), prosumerId: "b" },
    { ...after(outcome("e1", { orderedWh: 0, hasSigned: null })), prosumerId: "c" },
    newProsumer("d", 0),
  ];

  it("are beside what would be fair by what each offers", () => {
    expect(callShares(states)).toMatchObject([
      { prosumerId: "a", calledCount: 1, offeredCount: 1, calledPerMille: 750, fairPerMille: 333 },
      { prosumerId: "b", calledPerMille: 250, fairPerMille: 333 },
      { prosumerId: "c", calledCount: 0, offeredCount: 1, calledPerMille: 0, fairPerMille: 333 },
      { prosumerId: "d", offeredCount: 0, calledPerMille: 0, fairPerMille: 0 },
    ]);
  });

  it("beyond the fair share cost merit, up to a bound; below it they do not", () => {
    const surcharges = callShares(states).map(turnSurchargePerMille);
    expect(surcharges).toEqual([SURCHARGE_PER_MILLE_MAX, 0, 0, 0]);
    const half = { prosumerId: "a", offeredCount: 1, calledCount: 1, calledPerMille: 450, fairPerMille: 300 };
    expect(turnSurchargePerMille(half)).toBe(25);
  });

  it("are nothing where nobody was called", () => {
    expect(callShares([newProsumer("a", 0)])[0]).toMatchObject({ calledPerMille: 0, fairPerMille: 0 });
  });
});
