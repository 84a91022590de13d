import { describe, expect, it } from "vitest";
import { explore, traceTo } from "./explore.ts";
import {
  atMostOncePay,
  everyDisputeEnds,
  everythingIsPaidOut,
  moneyConserved,
  noEarlyGap,
  noHindsight,
} from "./invariants.ts";
import { ACTIONS, hasCome, INITIAL, type State, type Step, stepsFrom } from "./protocol-model.ts";

const CHECKS = { atMostOncePay, moneyConserved, everyDisputeEnds, noHindsight, noEarlyGap, everythingIsPaidOut };
const sound = explore(INITIAL, stepsFrom);

/** The machine with one action changed. */
function withAction(name: string, rule: (state: State) => State | undefined) {
  return explore(INITIAL, (state): Step[] => {
    const others = stepsFrom(state).filter(({ action }) => action !== name);
    const next = rule(state);
    return next === undefined ? others : [...others, { action: name, state: next }];
  });
}

describe("the protocol of a request, explored to its last state", () => {
  it.each(Object.entries(CHECKS))("%s holds", (_, check) => {
    expect(check(sound)).toEqual([]);
  });

  it("is not trivial: every action is possible somewhere, and every ending is reached", () => {
    const taken = new Set([...sound.states.values()].flatMap(({ steps }) => steps.map(({ action }) => action)));
    expect([...taken].sort()).toEqual(Object.keys(ACTIONS).sort());
    expect(sound.states.size).toBeGreaterThan(200);
    const endings = new Set([...sound.states.values()].map(({ state }) => state.sc1));
    expect([...endings].sort()).toEqual(["accepted", "completed", "expired", "proposed", "refused", "settled"]);
  });

  it("gives shortest traces", () => {
    const disputed = [...sound.states.values()].find(({ state }) => state.dispute === "open");
    expect(traceTo(sound, disputed?.state ?? INITIAL)).toEqual([
      "acceptSc1",
      "setUpSc2",
      "acceptSc2",
      "settleShowingAll",
      "openDispute",
    ]);
  });
});

describe("a protocol with a hole is found out", () => {
  const { completeChunk, release, closeDispute, acceptSc1 } = ACTIONS;

  it("when a chunk can be paid twice", () => {
    const twice = withAction("completeChunk", (s) => {
      const again = s.chunk === "completed" && s.money.sc2 > 0 ? { ...s, chunk: "summed" as const } : s;
      return completeChunk?.(again);
    });
    expect(atMostOncePay(twice)).not.toEqual([]);
  });

  it("when held money is released while a dispute is open", () => {
    const early = withAction("release", (s) => {
      const released = release?.({ ...s, dispute: "none" });
      return released && { ...released, dispute: s.dispute };
    });
    expect(atMostOncePay(early)).not.toEqual([]);
  });

  it("when nobody but the auditor can end a dispute", () => {
    const silent = withAction("closeDispute", (s) => (hasCome(s, "ruling over") ? undefined : closeDispute?.(s)));
    expect(everyDisputeEnds(silent)).not.toEqual([]);
  });

  it("when a node may accept after the event began", () => {
    const late = withAction("acceptSc1", (s) => {
      const accepted = acceptSc1?.({ ...s, time: 0 });
      return accepted && { ...accepted, time: s.time, committedAt: s.time };
    });
    expect(noHindsight(late)).not.toEqual([]);
  });

  it("when an interval may be amended once it has begun", () => {
    const late = withAction("amendSc2", (s) => {
      const amended = s.amendedAt === null ? ACTIONS["amendSc2"]?.({ ...s, time: 0 }) : undefined;
      return amended && { ...amended, time: s.time, amendedAt: s.time };
    });
    expect(noHindsight(late)).not.toEqual([]);
  });

  it("when an amendment frees money that the contract does not hold", () => {
    const generous = withAction("amendSc2", (s) => {
      const amended = ACTIONS["amendSc2"]?.(s);
      return amended && { ...amended, money: { ...amended.money, device: amended.money.device + 1 } };
    });
    expect(moneyConserved(generous)).not.toEqual([]);
  });

  it("when a node may show nothing while the event still runs", () => {
    const early = withAction("settleShowingNothing", (s) => {
      return s.sc2 === "accepted" ? { ...s, sc2: "settled", shown: "nothing" } : undefined;
    });
    expect(noEarlyGap(early)).not.toEqual([]);
  });

  it("when money is made by a claim", () => {
    const generous = withAction("payClaim", (s) => {
      const { money } = s;
      if (money.claim === 0) return undefined;
      return { ...s, money: { ...money, device: money.device + money.claim, claim: 0 } };
    });
    expect(moneyConserved(generous)).not.toEqual([]);
  });
});
